import { readFileSync } from "node:fs";
import type { NameResolver } from "../../src/names/resolver.js";
import { parseServices } from "../../src/names/services-file.js";
import { fromRoot } from "./paths.js";

/** The lines of a JSON Lines file beside the sources of the tests, by its path within test. */
export function readJsonLines<Row>(path: string): Row[] {
  const text = readFileSync(fromRoot(`test/${path}`), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line): Row => JSON.parse(line));
}

const hosts: Readonly<Record<string, string>> = {
  localhost: "127.0.0.1",
  director: "127.0.0.1",
  standby: "127.0.0.1",
  rs1: "10.2.0.1",
};

/** The part of /etc/services that the cases use. */
const services = parseServices(`
echo		7/tcp
echo		7/udp
discard		9/tcp		sink null
discard		9/udp		sink null
ssh		22/tcp				# SSH Remote Login Protocol
telnet		23/tcp
smtp		25/tcp		mail
time		37/tcp		timserver
time		37/udp		timserver
domain		53/tcp				# Domain Name Server
domain		53/udp
tftp		69/udp
http		80/tcp		www		# WorldWideWeb HTTP
kerberos	88/tcp		kerberos5 krb5 kerberos-sec	# Kerberos v5
kerberos	88/udp		kerberos5 krb5 kerberos-sec	# Kerberos v5
ntp		123/udp				# Network Time Protocol
https		443/tcp				# http protocol over TLS/SSL
https		443/udp				# HTTP/3
mdns		5353/udp			# Multicast DNS
amqp		5672/tcp
amqp		5672/sctp
`);

/** Resolves the host and service names that the cases use. */
export const resolver: NameResolver = {
  hostAddress: async (name) => hosts[name.toLowerCase()],
  hostName: async () => undefined,
  hostNameInBackground: async () => undefined,
  servicePort: (name, protocol) => services[protocol].ports.get(name),
  serviceName: (port, protocol) => services[protocol].names.get(port),
};

import { parseAddress } from "../address.js";
import { familyOf } from "../identity.js";
import { largestInteger } from "../limits.js";
import type { Connection, MarkServiceKey } from "../table.js";

/** The port that both ends of an invalidated template have (ip_vs_check_template). */
const deadPort = 65535;

/** The states of templates: `ASSURED` after a client has completed a connection, in kernels from 4.19. */
export const templateStates: readonly string[] = ["NONE", "ASSURED"];

/** The kernel's words for the states of connections and templates. */
export const connectionStates: readonly string[] = [
  ...["NONE", "ASSURED"],
  ...["ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT", "TIME_WAIT", "CLOSE", "CLOSE_WAIT", "LAST_ACK", "LISTEN"],
  ...["SYNACK", "UDP"],
  ...["INIT1", "INIT", "C-SENT", "C-REPLIED", "C-WAIT", "COOKIE", "C-ECHOED", "S-SENT", "S-RECEIVED", "S-ACK-SENT"],
  ...["REJECTED", "CLOSED"],
  ...["ERR!", "BUG!", "?"],
];

/** The kernel's word in place of a protocol for the templates of firewall marks. */
export const markProtocol = "IP";

/** The kernel's words for protocols, by the names that users give. The kernel calls others IP_NUMBER. */
export const protocolWords: Readonly<Record<string, string>> = {
  tcp: "TCP",
  udp: "UDP",
  sctp: "SCTP",
  ip: markProtocol,
  ah: "IP_51",
  esp: "IP_50",
};

/** A `live` template keeps a client at its server; a `dead` one was invalidated, and only waits for its timer. */
export type TemplateKind = "live" | "dead";

/** Which kind of persistence template it is; undefined for a connection. */
export function templateKindOf({ source, virtual, destination, state }: Connection): TemplateKind | undefined {
  if (source.port !== 0 || !templateStates.includes(state)) return undefined;
  return virtual.port === deadPort && destination.port === deadPort ? "dead" : "live";
}

/** Seconds until it expires. A timer that has just run out is a negative number, cut to 32 bits: it counts as 0. */
export function secondsLeft({ expires }: Pick<Connection, "expires">): number {
  return expires > largestInteger ? 0 : expires;
}

/** The firewall mark of a template: the kernel puts it in place of an address, into the first four bytes. */
export function markOf({ protocol, virtual }: Connection): MarkServiceKey | undefined {
  if (protocol !== markProtocol) return undefined;
  const family = familyOf(virtual.address);
  const bytes = parseAddress(family, virtual.address);
  return { family, fwmark: new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) };
}

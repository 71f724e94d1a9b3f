// drain.mjs PROTOCOL SERVICE:PORT SERVER:PORT [SECONDS]: drains a server of a service and waits until it has no connections
// left. PROTOCOL is tcp, udp or sctp; an IPv6 address stands in brackets. A UDP client that keeps its port stays with its server,
// so the wait ends after SECONDS (900), with status 1.
import { Ipvs, protocols } from "ipvsadm";

/** @param {string} text */
function parseEndpoint(text = "") {
  const [, ipv6, ipv4, port] = /^(?:\[(.*)\]|([^:]*)):(\d+)$/.exec(text) ?? [];
  return { address: ipv6 ?? ipv4 ?? "", port: Number(port) };
}

const protocol = protocols.find((name) => name === process.argv[2]);
if (protocol === undefined) throw new Error(`the protocol is one of ${protocols.join(", ")}`);
const service = { protocol, ...parseEndpoint(process.argv[3]) };
const server = parseEndpoint(process.argv[4]);
const end = Date.now() + 1000 * Number(process.argv[5] ?? 900);
const ipvs = await Ipvs.open();

async function find() {
  const { destinations } = await ipvs.get(service);
  return destinations.find(({ address, port }) => address === server.address && port === server.port);
}

const found = await find();
if (found === undefined) throw new Error("there is no such server");
await ipvs.editDestination(service, { ...server, weight: 0 });
console.log(`weight ${found.weight} -> 0`);

for (;;) {
  const now = await find();
  const left = now === undefined ? 0 : now.activeConnections + now.inactiveConnections;
  console.log(`${left} connections left`);
  if (left === 0) break;
  if (Date.now() > end) {
    process.exitCode = 1;
    break;
  }
  await new Promise((resolve) => setTimeout(resolve, 500));
}
ipvs.close();

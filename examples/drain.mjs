// drain.mjs SERVICE:PORT SERVER:PORT: drains a server of a TCP service and waits until it has no connections left.
import { Ipvs } from "ipvsadm";

/** @param {string} text */
function parseEndpoint(text = "") {
  const [address = "", port] = text.split(":");
  return { address, port: Number(port) };
}

const service = { protocol: /** @type {const} */ ("tcp"), ...parseEndpoint(process.argv[2]) };
const server = parseEndpoint(process.argv[3]);
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
  await new Promise((resolve) => setTimeout(resolve, 500));
}
ipvs.close();

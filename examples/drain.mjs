// drain.mjs SERVICE:PORT SERVER:PORT: makes a server of a TCP service quiet and waits until it has no connections left.
import { Ipvs } from "ipvsadm";

const [service, server] = process.argv.slice(2).map((text) => {
  const [address = "", port] = text.split(":");
  return { family: "inet", address, port: Number(port) };
});
const key = { ...service, protocol: "tcp" };
const ipvs = await Ipvs.open();

async function find() {
  const { destinations } = await ipvs.get(key);
  return destinations.find(({ address, port }) => address === server.address && port === server.port);
}

const found = await find();
if (found === undefined) throw new Error("there is no such server");
await ipvs.editDestination(key, { ...found, weight: 0 });
console.log(`weight ${found.weight} -> 0`);

for (;;) {
  const now = await find();
  const left = now === undefined ? 0 : now.activeConnections + now.inactiveConnections;
  console.log(`${left} connections left`);
  if (left === 0) break;
  await new Promise((resolve) => setTimeout(resolve, 500));
}
ipvs.close();

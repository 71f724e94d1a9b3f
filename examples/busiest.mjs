// busiest.mjs [COUNT]: prints the servers with the most connections, however many there are; every user may run it.
import { Ipvs } from "ipvsadm";

const count = Number(process.argv[2] ?? 10);

/** @type {Map<string, number>} */
const connections = new Map();
for await (const { destination } of Ipvs.connections({ filter: { templates: false } })) {
  const server = `${destination.address} port ${destination.port}`;
  connections.set(server, (connections.get(server) ?? 0) + 1);
}

const busiest = [...connections].sort(([, one], [, other]) => other - one).slice(0, count);
for (const [server, number] of busiest) console.log(`${number} ${server}`);

// quickstart.mjs: adds a service with two destinations, drains one of them, prints the service, and deletes it again.
import { Ipvs } from "ipvsadm";

const ipvs = await Ipvs.open({ loadModule: true });
const web = /** @type {const} */ ({ protocol: "tcp", address: "192.0.2.10", port: 80 });

await ipvs.addService(web);
await ipvs.addDestination(web, { address: "10.0.0.1" });
await ipvs.addDestination(web, { address: "10.0.0.2", weight: 3 });
await ipvs.editDestination(web, { address: "10.0.0.1", weight: 0 });

const { service, destinations } = await ipvs.get(web);
console.log(`scheduler ${service.scheduler}, ${service.counters.connections} connections so far`);
for (const { address, port, weight } of destinations) console.log(`${address}:${port} weight ${weight}`);

await ipvs.deleteService(web);
ipvs.close();

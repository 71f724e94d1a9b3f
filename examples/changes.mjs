// changes.mjs: prints what happens to the table; every user may run it. Ends when the table is empty.
import { Ipvs } from "ipvsadm";

const services = new Set();
for await (const event of Ipvs.watch({ interval: 0.2 })) {
  switch (event.event) {
    case "snapshot":
      console.log(`${event.services.length} services`);
      break;
    case "gap":
      console.log(`blind: ${event.error}`);
      break;
    default: {
      const { address, port } = event.destination ?? event.service;
      const fields = Object.entries(event.changed ?? {}).map(([name, change]) => `${name}=${change.new}`);
      console.log([event.event, event.object, `${address}:${port}`, ...fields].join(" "));
      if (event.object === "service") services[event.event === "delete" ? "delete" : "add"](port);
      if (event.event === "delete" && services.size === 0) process.exit();
    }
  }
}

// changes.mjs: prints what happens to the table; every user may run it. Ends when the last service is deleted.
import { Ipvs } from "ipvsadm";

/** @param {{ address: string, port: number }} endpoint */
function formatEndpoint({ address, port }) {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

let services = 0;
for await (const event of Ipvs.watch({ interval: 0.2 })) {
  if (event.event === "snapshot") {
    services = event.services.length;
    console.log(`${services} services`);
  } else if (event.event === "gap") {
    console.log(`blind: ${event.error}`);
  } else {
    const key = event.object === "destination" ? event.destination : event.service;
    const name = key && "address" in key ? formatEndpoint(key) : `fwmark ${key?.fwmark}`;
    const changed = "changed" in event ? Object.entries(event.changed ?? {}) : [];
    const fields = changed.map(([field, change]) => `${field}=${change?.new}`);
    console.log([event.event, event.object, name, ...fields].join(" "));
    if (event.object === "service" && event.event === "add") services++;
    if (event.object === "service" && event.event === "delete" && --services === 0) break;
  }
}

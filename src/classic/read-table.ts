import type { IpvsClient } from "../ipvs/client.js";
import type { ServiceEntry, TableEntry } from "../ipvs/model.js";

/** The kernel's table, in its order. */
export async function readTable(client: IpvsClient): Promise<TableEntry[]> {
  const services = await client.services();
  return Promise.all(services.map((service) => readEntry(client, service)));
}

/** A service with its servers, in the kernel's order. */
export async function readEntry(client: IpvsClient, service: ServiceEntry): Promise<TableEntry> {
  return { service, destinations: await client.destinations(service) };
}

import type { DestinationEntry, Service, ServiceEntry, TableEntry } from "../model/table.js";
import type { IpvsClient } from "./client.js";

/** Services whose destinations are asked for at the same time. */
const PART_SIZE = 64;

/** The kernel's table, in its order. Rejects with an IpvsError. */
export async function readTable(client: IpvsClient): Promise<TableEntry[]> {
  const table: TableEntry[] = [];
  for await (const part of readParts(client, await client.services())) table.push(...part);
  return table;
}

/** The services with their servers, in parts, so that what is made of one part need not wait for all of them. */
export async function* readParts(
  client: IpvsClient,
  services: readonly ServiceEntry[],
): AsyncGenerator<readonly TableEntry[]> {
  for (let start = 0; start < services.length; start += PART_SIZE) {
    yield Promise.all(services.slice(start, start + PART_SIZE).map((service) => readEntry(client, service)));
  }
}

/** A service with its servers, in the kernel's order. */
export async function readEntry<Listed extends Service>(
  client: IpvsClient,
  service: Listed,
): Promise<{ readonly service: Listed; readonly destinations: readonly DestinationEntry[] }> {
  return { service, destinations: await client.destinations(service) };
}

import type { DesiredState } from "../model/desired.js";
import type { DestinationEntry, Service, ServiceKey, TableEntry } from "../model/table.js";
import type { IpvsClient } from "./client.js";
import { IpvsError } from "./ipvs-error.js";

/** Services whose destinations are asked for at the same time. */
const PART_SIZE = 64;

/** A service with its servers, as they were read. */
export interface Entry<Listed extends Service> {
  readonly service: Listed;
  readonly destinations: readonly DestinationEntry[];
}

/** The kernel's table, in its order. Rejects with an IpvsError. */
export async function readTable(client: IpvsClient): Promise<TableEntry[]> {
  const table: TableEntry[] = [];
  for await (const entries of readParts(client, await client.services())) table.push(...entries);
  return table;
}

/** The services with their servers, in parts, so that what is made of one part need not wait for all of them. */
export async function* readParts<Listed extends Service>(
  client: IpvsClient,
  services: readonly Listed[],
): AsyncGenerator<readonly Entry<Listed>[]> {
  for (let start = 0; start < services.length; start += PART_SIZE) {
    yield Promise.all(services.slice(start, start + PART_SIZE).map((service) => readEntry(client, service)));
  }
}

/** A service with its servers, in the kernel's order. */
export async function readEntry<Listed extends Service>(client: IpvsClient, service: Listed): Promise<Entry<Listed>> {
  return { service, destinations: await client.destinations(service) };
}

/** The parts of what can be configured that are asked for, as they are. */
export async function readState(client: IpvsClient, parts: readonly (keyof DesiredState)[]): Promise<DesiredState> {
  return {
    ...(parts.includes("services") && { services: await readConfiguration(client) }),
    ...(parts.includes("timeouts") && { timeouts: await client.timeouts() }),
    ...(parts.includes("daemons") && { daemons: await client.daemons() }),
  };
}

/**
 * Those of the services that exist, with their servers: far cheaper than the whole table where these are few.
 */
export async function readSelected(client: IpvsClient, keys: readonly ServiceKey[]): Promise<Entry<Service>[]> {
  const entries: Entry<Service>[] = [];
  for (let start = 0; start < keys.length; start += PART_SIZE) {
    const part = await Promise.all(keys.slice(start, start + PART_SIZE).map((key) => readIfExists(client, key)));
    entries.push(...part.filter((entry) => entry !== undefined));
  }
  return entries;
}

async function readIfExists(client: IpvsClient, key: ServiceKey): Promise<Entry<Service> | undefined> {
  try {
    const [service, destinations] = await Promise.all([client.service(key), client.destinations(key)]);
    return { service, destinations };
  } catch (error) {
    if (error instanceof IpvsError && error.code === "ESRCH") return undefined;
    throw error;
  }
}

async function readConfiguration(client: IpvsClient): Promise<Entry<Service>[]> {
  const entries: Entry<Service>[] = [];
  for await (const part of readParts(client, await client.serviceSettings())) entries.push(...part);
  return entries;
}

import type { DesiredState } from "../model/desired.js";
import type { DestinationEntry, DestinationLoad, Service, ServiceKey, TableEntry } from "../model/table.js";
import type { IpvsClient } from "./client.js";
import { IpvsError } from "./ipvs-error.js";

/** Services whose destinations are requested at the same time. */
const PART_SIZE = 64;

/** A service with its servers, as they were read. */
export interface Entry<Listed extends Service> {
  readonly service: Listed;
  readonly destinations: readonly DestinationEntry[];
}

/** The same without statistics. */
interface ConfiguredEntry {
  readonly service: Service;
  readonly destinations: readonly DestinationLoad[];
}

/** The kernel's table, in its order. Rejects with an IpvsError. */
export async function readTable(client: IpvsClient): Promise<TableEntry[]> {
  const table: TableEntry[] = [];
  for await (const entries of readParts(client, await client.services())) table.push(...entries);
  return table;
}

/** The services with their servers, in parts, so that a caller can use a part before the rest is read. */
export function readParts<Listed extends Service>(
  client: IpvsClient,
  services: readonly Listed[],
): AsyncGenerator<readonly Entry<Listed>[]> {
  return inParts(services, (service) => readEntry(client, service));
}

async function* inParts<Key, Read>(
  keys: readonly Key[],
  read: (key: Key) => Promise<Read>,
): AsyncGenerator<readonly Read[]> {
  for (let start = 0; start < keys.length; start += PART_SIZE) {
    yield Promise.all(keys.slice(start, start + PART_SIZE).map(read));
  }
}

/** A service with its servers, in the kernel's order. */
export async function readEntry<Listed extends Service>(client: IpvsClient, service: Listed): Promise<Entry<Listed>> {
  return { service, destinations: await client.destinations(service) };
}

/** The current state of the requested parts. */
export async function readState(client: IpvsClient, parts: readonly (keyof DesiredState)[]): Promise<DesiredState> {
  return {
    ...(parts.includes("services") && { services: await readConfiguration(client) }),
    ...(parts.includes("timeouts") && { timeouts: await client.timeouts() }),
    ...(parts.includes("daemons") && { daemons: await client.daemons() }),
  };
}

/** Those of the services that exist, with their servers. It is far cheaper than the whole table for a few services. */
export async function readSelected(client: IpvsClient, keys: readonly ServiceKey[]): Promise<ConfiguredEntry[]> {
  const entries: ConfiguredEntry[] = [];
  for await (const part of inParts(keys, (key) => readIfExists(client, key))) {
    entries.push(...part.filter((entry) => entry !== undefined));
  }
  return entries;
}

async function readIfExists(client: IpvsClient, key: ServiceKey): Promise<ConfiguredEntry | undefined> {
  try {
    const [service, destinations] = await Promise.all([client.service(key), client.destinationLoads(key)]);
    return { service, destinations };
  } catch (error) {
    if (error instanceof IpvsError && error.code === "ESRCH") return undefined;
    throw error;
  }
}

async function readConfiguration(client: IpvsClient): Promise<ConfiguredEntry[]> {
  const entries: ConfiguredEntry[] = [];
  const read = async (service: Service) => ({ service, destinations: await client.destinationLoads(service) });
  for await (const part of inParts(await client.serviceSettings(), read)) entries.push(...part);
  return entries;
}

import type { IpvsClient } from "../../ipvs/client.js";
import { IpvsError } from "../../ipvs/ipvs-error.js";
import { destinationIdentity, serviceIdentity } from "../../model/identity.js";
import type { Counters, DestinationEntry, Rates, ServiceEntry, ServiceKey } from "../../model/table.js";
import { errnoOf } from "../../platform/errno.js";
import type { WatchedDestination, WatchedService } from "./watched-table.js";

/** What the kernel has counted for a service or a server. */
export interface Measurement {
  readonly counters: Counters;
  /** The kernel's own estimate. */
  readonly rates: Rates;
  readonly persistentConnections?: number;
}

/** By the identity of a service, or those of a service and a server with a blank between them. */
export type Measurements = Map<string, Measurement>;

/** What generic netlink knows of one service. */
export interface Details {
  readonly service: ServiceEntry;
  /** Undefined where they were not requested. */
  readonly destinations?: readonly DestinationEntry[];
}

/** What to request over netlink: every service or only those of the keys, and the servers of those of the keys. */
export interface DetailsChoice {
  readonly everyService: boolean;
  readonly keys: readonly ServiceKey[];
  /** Rates are computed from the counters, so all of these have to be of the same moment. */
  readonly forRates?: boolean;
}

/** The largest number of requests at the same time. */
const mostRequests = 256;

/**
 * The chosen details, without services that are gone. They come in batches, so that nobody has to hold all of a large table.
 * Throws an IpvsError.
 */
export async function* readDetails(
  client: IpvsClient,
  { everyService, keys }: DetailsChoice,
): AsyncGenerator<readonly Details[]> {
  const services = everyService ? await client.services() : [];
  const known = new Map(services.map((service) => [serviceIdentity(service), service]));
  yield services.map((service) => ({ service }));
  for (let start = 0; start < keys.length; start += mostRequests) {
    const batch = keys.slice(start, start + mostRequests);
    const details = await Promise.all(batch.map((key) => readServiceDetails(client, key, known)));
    yield details.filter((one) => one !== undefined);
  }
}

async function readServiceDetails(
  client: IpvsClient,
  key: ServiceKey,
  known: ReadonlyMap<string, ServiceEntry>,
): Promise<Details | undefined> {
  try {
    const service = known.get(serviceIdentity(key)) ?? client.service(key);
    const [entry, destinations] = await Promise.all([service, client.destinations(key)]);
    return { service: entry, destinations };
  } catch (error) {
    if (isNoSuchService(error)) return undefined;
    throw error;
  }
}

/** Whether the kernel has a service. Rejects with an IpvsError. */
export async function hasService(client: IpvsClient, key: ServiceKey): Promise<boolean> {
  try {
    await client.service(key);
    return true;
  } catch (error) {
    if (isNoSuchService(error)) return false;
    throw error;
  }
}

function isNoSuchService(error: unknown): boolean {
  return error instanceof IpvsError && error.errno === errnoOf("ESRCH");
}

/**
 * The service completed with its details. Values from /proc stay: each value has one source, so that two sources that are
 * read one after the other cannot contradict each other.
 */
export function withDetails(watched: WatchedService, { service, destinations = [] }: Details): WatchedService {
  const { key, facts } = watched;
  const known = new Map(destinations.map((destination) => [destinationIdentity(destination), destination]));
  const { engine: _, ...others } = facts;
  return {
    key,
    facts: {
      ...others,
      onePacket: key.family === "inet" ? (facts.onePacket ?? false) : service.onePacket,
      schedulerFlags: service.schedulerFlags,
      ...(facts.persistent && { timeout: service.timeout }),
      ...(service.engine !== undefined && { engine: service.engine }),
    },
    destinations: new Map(
      Array.from(watched.destinations, ([identity, destination]) => {
        const detail = known.get(identity);
        return [identity, detail === undefined ? destination : withDestinationDetails(destination, detail)];
      }),
    ),
  };
}

function withDestinationDetails(watched: WatchedDestination, detail: DestinationEntry): WatchedDestination {
  const { forward, weight } = watched.facts;
  const { upperThreshold, lowerThreshold, tunnel } = detail;
  return {
    ...watched,
    facts: { forward, weight, upperThreshold, lowerThreshold, ...(forward === "tunnel" && { tunnel }) },
  };
}

/** Adds what the kernel has counted for a service and its servers. */
export function measure({ service, destinations = [] }: Details, measurements: Measurements): void {
  const identity = serviceIdentity(service);
  measurements.set(identity, { counters: service.counters, rates: service.rates });
  for (const destination of destinations) {
    const { counters, rates, persistentConnections } = destination;
    measurements.set(`${identity} ${destinationIdentity(destination)}`, { counters, rates, persistentConnections });
  }
}

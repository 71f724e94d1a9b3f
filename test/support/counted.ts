/** What clients return for counters and rates alone, derived from their full entries. */
import type { IpvsClient } from "../../src/ipvs/client.js";
import {
  type Count,
  type CountedServers,
  type CountedService,
  type CountKind,
  countNames,
} from "../../src/model/fast/counts.js";
import { serviceKeyOf } from "../../src/model/identity.js";
import type { DestinationEntry, ServiceEntry, ServiceKey } from "../../src/model/table.js";

/** The counts of a service or a server, as numbers where they are exact. */
function countsOf(entry: Pick<ServiceEntry, CountKind>, kind: CountKind): Count[] {
  return countNames.map((name) => {
    const value = entry[kind][name];
    return value < 2n ** 53n ? Number(value) : value;
  });
}

export function toCountedServices(services: readonly ServiceEntry[], kind: CountKind): CountedService[] {
  return services.map((entry) => ({ service: serviceKeyOf(entry), counts: countsOf(entry, kind) }));
}

/** Undefined where a server has an IPv6 address. */
export function toCountedServers(servers: readonly DestinationEntry[], kind: CountKind): CountedServers | undefined {
  if (servers.some(({ family }) => family === "inet6")) return undefined;
  return {
    keys: servers.map(
      ({ address, port }) => address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0) * 65_536 + port,
    ),
    counts: servers.flatMap((server) => countsOf(server, kind)),
  };
}

/** The counts of a service's servers, by the fast path or the general one. */
export async function askForCounts(client: IpvsClient, key: ServiceKey, kind: CountKind) {
  const [counted] = await client.countedServers([key], kind);
  if (counted === undefined) return listCounted(await client.destinations(key), kind);
  const size = countNames.length;
  return counted.keys.map((serverKey, index) => [
    [24, 16, 8, 0].map((bits) => (Math.floor(serverKey / 65_536) >>> bits) & 255).join("."),
    serverKey % 65_536,
    ...counted.counts.slice(index * size, (index + 1) * size),
  ]);
}

export function listCounted(servers: readonly DestinationEntry[], kind: CountKind) {
  return servers.map((server) => [server.address, server.port, ...countsOf(server, kind)]);
}

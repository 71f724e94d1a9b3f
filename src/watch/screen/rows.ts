import { type Names, protocolOf, renderEndpoint } from "../../format/text/shown-names.js";
import { isSame } from "../../model/equality.js";
import { compareText, destinationSortKey, serviceSortKey } from "../../model/order.js";
import { isMarkService, type ServiceKey } from "../../model/table.js";
import type { Reading } from "../reading/reader.js";
import type { WatchedDestination, WatchedService, WatchedTable } from "../reading/watched-table.js";
import type { Trend } from "./rates.js";

/** What rows are sorted by: their name, the kernel's order, or a number, the largest first. */
export const sortOrders = ["name", "active", "conns", "packets", "bytes", "none"] as const;
export type SortOrder = (typeof sortOrders)[number];

/** One line of the table on the screen. */
export interface Row {
  readonly isServer: boolean;
  readonly name: string;
  /** What happened to it since the reading before. */
  readonly change: "added" | "changed" | undefined;
  /** A server that gets no new connections: its weight is 0, or it has as many as its upper threshold allows. */
  readonly state: "drained" | "overloaded" | undefined;
  /** Forwarding method of a server, scheduler of a service. */
  readonly method: string;
  readonly weight: number | undefined;
  readonly activeConnections: number;
  readonly inactiveConnections: number;
  readonly trend: Trend | undefined;
}

/** What rows are made from. */
export interface RowSource {
  readonly reading: Reading;
  /** The table of the reading before, to mark what is new. */
  readonly before: WatchedTable | undefined;
  /** By identity, as in the reading's measurements. */
  readonly trends: ReadonlyMap<string, Trend>;
  readonly names: Names;
}

export interface RowOrder {
  readonly sort: SortOrder;
  readonly reversed: boolean;
  /** Part of a name, in lower case; empty for all. */
  readonly filter: string;
}

/** A service, and those of its servers that are shown. */
export interface Group {
  readonly identity: string;
  readonly service: WatchedService;
  readonly servers: readonly (readonly [string, WatchedDestination])[];
}

/** The services that match the filter, in order. It is cheap, since it makes no rows. */
export function toGroups(source: RowSource, order: RowOrder): Group[] {
  const groups: Group[] = [];
  for (const [identity, service] of source.reading.table) {
    const servers = filterServers(service, order.filter, source.names);
    if (servers !== undefined) groups.push({ identity, service, servers });
  }
  const ranked = ({ identity, service }: Group) => ({
    activeConnections: sum(service, "activeConnections"),
    trend: source.trends.get(identity),
  });
  return sortByRank(groups, order, ranked, ({ service }) => serviceSortKey(service.key));
}

/** The row of a service and those of its servers. */
export function toRows({ identity, service, servers }: Group, source: RowSource, order: RowOrder): Row[] {
  const { trends, names } = source;
  const known = source.before?.get(identity);
  const row: Row = {
    isServer: false,
    name: serviceName(service.key, names),
    change: source.before && changeSince(known, service),
    state: undefined,
    method: service.facts.scheduler,
    weight: undefined,
    activeConnections: sum(service, "activeConnections"),
    inactiveConnections: sum(service, "inactiveConnections"),
    trend: trends.get(identity),
  };
  const serverRows = servers.map(([name, destination]) => {
    const { facts, activeConnections, inactiveConnections } = destination;
    const row: Row = {
      isServer: true,
      name: serverName(service.key, destination, names),
      change: source.before && changeSince(known?.destinations.get(name), destination),
      state: stateOf(destination),
      method: facts.forward,
      weight: facts.weight,
      activeConnections,
      inactiveConnections,
      trend: trends.get(`${identity} ${name}`),
    };
    return { row, key: destination.key };
  });
  const sorted = sortByRank(
    serverRows,
    order,
    (server) => server.row,
    ({ key }) => destinationSortKey(key),
  );
  return [row, ...sorted.map((server) => server.row)];
}

/** All servers of a service whose name has the text; else those whose names have it; undefined where there is none. */
function filterServers(service: WatchedService, filter: string, names: Names): Group["servers"] | undefined {
  const servers = [...service.destinations];
  const matches = (name: string) => name.toLowerCase().includes(filter);
  if (filter === "" || matches(serviceName(service.key, names))) return servers;
  const matching = servers.filter(([, destination]) => matches(serverName(service.key, destination, names)));
  return matching.length === 0 ? undefined : matching;
}

/** What rows with larger numbers are sorted by; undefined is the name or the kernel's order. */
const ranks: Readonly<Record<SortOrder, ((row: Ranked) => number) | undefined>> = {
  name: undefined,
  none: undefined,
  active: ({ activeConnections }) => activeConnections,
  conns: ({ trend }) => trend?.rates.connections ?? -1,
  packets: ({ trend }) => (trend ? trend.rates.packetsIn + trend.rates.packetsOut : -1),
  bytes: ({ trend }) => (trend ? trend.rates.bytesIn + trend.rates.bytesOut : -1),
};

type Ranked = Pick<Row, "activeConnections" | "trend">;

/** Sorts by the rank of the order, and by the key where ranks are equal. */
function sortByRank<T>(
  values: readonly T[],
  { sort, reversed }: RowOrder,
  ranked: (value: T) => Ranked,
  keyOf: (value: T) => string,
): T[] {
  const rank = ranks[sort];
  const keyed = values.map((value) => ({ value, key: keyOf(value), rank: rank?.(ranked(value)) ?? 0 }));
  if (sort !== "none") keyed.sort((first, second) => second.rank - first.rank || compareText(first.key, second.key));
  const sorted = keyed.map(({ value }) => value);
  return reversed ? sorted.reverse() : sorted;
}

function serviceName(key: ServiceKey, names: Names): string {
  if (isMarkService(key)) return `FWM ${key.fwmark}${key.family === "inet6" ? " IPv6" : ""}`;
  return `${key.protocol.toUpperCase()} ${printable(renderEndpoint(key.address, key.port, key.protocol, names))}`;
}

function serverName(service: ServiceKey, { key }: WatchedDestination, names: Names): string {
  return printable(renderEndpoint(key.address, key.port, protocolOf(service), names));
}

/** Names come from strangers, so characters that could move the cursor are replaced. */
function printable(name: string): string {
  return name.replace(/[^ -~]/g, "?");
}

function changeSince(before: { facts: object } | undefined, now: { facts: object }): Row["change"] {
  if (before === undefined) return "added";
  return before === now || isSame(before.facts, now.facts) ? undefined : "changed";
}

function stateOf({ facts, activeConnections, inactiveConnections }: WatchedDestination): Row["state"] {
  const limit = facts.upperThreshold ?? 0;
  if (limit > 0 && activeConnections + inactiveConnections >= limit) return "overloaded";
  return facts.weight === 0 ? "drained" : undefined;
}

function sum({ destinations }: WatchedService, column: "activeConnections" | "inactiveConnections"): number {
  let total = 0;
  for (const destination of destinations.values()) total += destination[column];
  return total;
}

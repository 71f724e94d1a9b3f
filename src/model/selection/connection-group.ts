import { formatAddress, parseAddress } from "../address.js";
import { familyOf } from "../identity.js";
import { longestPrefix } from "../limits.js";
import type { Connection, ConnectionEndpoint, ConnectionOrigin, MarkServiceKey } from "../table.js";
import { maskBytes } from "./address-range.js";
import { markOf } from "./connection-traits.js";

/** What connections can be grouped by. */
export const groupNames = ["client", "virtual", "server", "service", "state", "protocol", "origin"] as const;
/** What connections can be grouped by. */
export type GroupName = (typeof groupNames)[number];

/** One key; for clients, `prefixLength` is the number of address bits that count. */
export interface GroupKey {
  readonly name: GroupName;
  readonly prefixLength?: number | undefined;
}

/** The network of a client. */
export interface ClientNetwork {
  /** The first address. */
  readonly address: string;
  /** Bits: 32 or 128 is one client. */
  readonly prefixLength: number;
}

/** A service as connections show it. */
export type SeenService = ({ readonly protocol: string } & ConnectionEndpoint) | MarkServiceKey;

/** What the connections of a group have in common: the keys by which they are grouped. */
export interface GroupValues {
  readonly client?: ClientNetwork;
  readonly virtual?: ConnectionEndpoint | MarkServiceKey;
  readonly server?: ConnectionEndpoint;
  readonly service?: SeenService;
  readonly state?: string;
  readonly protocol?: string;
  readonly origin?: ConnectionOrigin;
}

/** Connections that have the same values. */
export interface ConnectionGroup {
  readonly values: GroupValues;
  readonly count: number;
}

/** The values of a connection for the keys. */
export function groupOf(connection: Connection, keys: readonly GroupKey[]): GroupValues {
  return Object.assign({}, ...keys.map((key) => groupValueOf(connection, key)));
}

function groupValueOf(connection: Connection, { name, prefixLength }: GroupKey): GroupValues {
  const { protocol, source, virtual, destination, state, origin } = connection;
  switch (name) {
    case "client":
      return { client: networkOf(source.address, prefixLength) };
    case "virtual":
      return { virtual: markOf(connection) ?? virtual };
    case "server":
      return { server: destination };
    case "service":
      return { service: markOf(connection) ?? { protocol, ...virtual } };
    case "state":
      return { state };
    case "protocol":
      return { protocol };
    case "origin":
      return origin === undefined ? {} : { origin };
  }
}

function networkOf(address: string, bits = Number.POSITIVE_INFINITY): ClientNetwork {
  const family = familyOf(address);
  const prefixLength = Math.min(bits, longestPrefix[family]);
  if (prefixLength === longestPrefix[family]) return { address, prefixLength };
  return { address: formatAddress(family, maskBytes(parseAddress(family, address), prefixLength)), prefixLength };
}

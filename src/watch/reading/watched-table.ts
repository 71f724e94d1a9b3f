/**
 * The table as one reading knows it. /proc/net/ip_vs, which every user may read, has a part of it; generic netlink has the
 * rest. What the sources of a reading lack is absent.
 */
import type { KnownDestinationSettings, KnownServiceSettings } from "../../model/known-table.js";
import type { DestinationKey, ServiceKey } from "../../model/table.js";

export interface WatchedDestination {
  readonly key: DestinationKey;
  readonly facts: KnownDestinationSettings;
  readonly activeConnections: number;
  readonly inactiveConnections: number;
}

export interface WatchedService {
  readonly key: ServiceKey;
  readonly facts: KnownServiceSettings;
  /** By their identity, in the kernel's order. */
  readonly destinations: ReadonlyMap<string, WatchedDestination>;
}

/** By the identity of each service, in the kernel's order. Equal parts of two readings may be the same objects. */
export type WatchedTable = ReadonlyMap<string, WatchedService>;

/**
 * The table as one reading knows it. /proc/net/ip_vs, which every user may read, has a part of it, generic netlink the rest.
 * What the sources of a reading do not have is left out.
 */
import type { DestinationKey, ForwardingMethod, SchedulerFlag, ServiceKey, Tunnel } from "../../model/table.js";

/** The known settings of a service. */
export interface ServiceFacts {
  readonly scheduler: string;
  readonly persistent: boolean;
  readonly onePacket?: boolean;
  readonly netmask?: string | number;
  /** Seconds. */
  readonly timeout?: number;
  /** The timeout as /proc has it, in the kernel's clock ticks, whose number per second differs between kernels. */
  readonly timeoutTicks?: number;
  readonly schedulerFlags?: readonly SchedulerFlag[];
  readonly engine?: string;
}

/** The known settings of a server. */
export interface DestinationFacts {
  readonly forward: ForwardingMethod;
  readonly weight: number;
  readonly upperThreshold?: number;
  readonly lowerThreshold?: number;
  readonly tunnel?: Tunnel;
}

export interface WatchedDestination {
  readonly key: DestinationKey;
  readonly facts: DestinationFacts;
  readonly activeConnections: number;
  readonly inactiveConnections: number;
}

export interface WatchedService {
  readonly key: ServiceKey;
  readonly facts: ServiceFacts;
  /** By their identity, in the kernel's order. */
  readonly destinations: ReadonlyMap<string, WatchedDestination>;
}

/** By the identity of each service, in the kernel's order. Equal parts of two readings may be the same objects. */
export type WatchedTable = ReadonlyMap<string, WatchedService>;

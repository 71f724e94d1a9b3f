/**
 * The table as a watcher knows it. /proc/net/ip_vs, which every user may read, has a part of it; generic netlink has the
 * rest. Unknown values are absent.
 */
import type {
  Counters,
  DestinationKey,
  DestinationSettings,
  DestinationSummary,
  Rates,
  ServiceKey,
  ServiceSettings,
} from "./table.js";

/** The known settings of a service. */
export type KnownServiceSettings = Pick<ServiceSettings, "scheduler" | "persistent"> &
  Partial<ServiceSettings> & {
    /** The timeout as /proc has it, in the kernel's clock ticks, whose number per second differs between kernels. */
    readonly timeoutTicks?: number;
  };

/** The known settings of a destination. */
export type KnownDestinationSettings = Pick<DestinationSettings, "forward" | "weight"> & Partial<DestinationSettings>;

/** What a reading measured. */
export interface Measured {
  readonly counters?: Counters;
  /** The kernel's own estimate. */
  readonly rates?: Rates;
}

/** A service, as far as it is known. */
export type KnownService = ServiceKey & KnownServiceSettings & Measured;

/** A destination, as far as it is known. */
export type KnownDestination = DestinationKey &
  KnownDestinationSettings &
  Measured &
  Pick<DestinationSummary, "activeConnections" | "inactiveConnections"> & { readonly persistentConnections?: number };

/** A service with its destinations, as far as they are known. */
export interface KnownEntry {
  readonly service: KnownService;
  readonly destinations: readonly KnownDestination[];
}

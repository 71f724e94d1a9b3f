/**
 * The table as one who watches it knows it. /proc/net/ip_vs, which every user may read, tells a part; generic netlink the
 * rest. What is not known is absent.
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

/** What is configured of a service, as far as it is known. */
export type KnownServiceSettings = Pick<ServiceSettings, "scheduler" | "persistent"> &
  Partial<ServiceSettings> & {
    /** The timeout as /proc tells it, in the kernel's clock ticks, whose number per second differs between kernels. */
    readonly timeoutTicks?: number;
  };

/** What is configured of a destination, as far as it is known. */
export type KnownDestinationSettings = Pick<DestinationSettings, "forward" | "weight"> & Partial<DestinationSettings>;

interface Measured {
  readonly counters?: Counters;
  /** The kernel's own estimate. */
  readonly rates?: Rates;
}

export type KnownService = ServiceKey & KnownServiceSettings & Measured;

export type KnownDestination = DestinationKey &
  KnownDestinationSettings &
  Measured &
  Pick<DestinationSummary, "activeConnections" | "inactiveConnections"> & { readonly persistentConnections?: number };

/** A service with its destinations, as far as they are known. */
export interface KnownEntry {
  readonly service: KnownService;
  readonly destinations: readonly KnownDestination[];
}

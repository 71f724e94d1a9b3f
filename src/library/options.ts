import type { ConnectionFilterInput } from "../model/input/connection-filter-input.js";
import type { ServiceKeyInput } from "../model/input/service-input.js";
import type { SampleSubject } from "../watch/events/samples.js";

/** Options of `Ipvs.open`. */
export interface OpenOptions {
  /**
   * Whether to load the module first where the kernel has no ip_vs, by `/sbin/modprobe`, as ipvsadm does. That needs
   * CAP_SYS_MODULE. Default: false.
   */
  readonly loadModule?: boolean | undefined;
}

/** Options of `Ipvs.watch`. */
export interface WatchOptions {
  /** Seconds between two readings. Default: 1. */
  readonly interval?: number;
  /** The only service to look at. Default: all of them. */
  readonly service?: ServiceKeyInput;
  /** Ends the events. Leaving the loop does too. */
  readonly signal?: AbortSignal;
}

/** Options of `Ipvs.watch` with samples. */
export interface SampledWatchOptions extends WatchOptions {
  /** Each reading gives what was counted for all services together, and for each service or for each destination. */
  readonly samples: SampleSubject;
}

/** Options of `Ipvs.connections`. */
export interface ConnectionsOptions {
  /** Which connections are wanted. Default: all of them. */
  readonly filter?: ConnectionFilterInput | undefined;
  /** Whether each has its `origin`, which takes the reading of a second file. Default: false. */
  readonly origins?: boolean | undefined;
}

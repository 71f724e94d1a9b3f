import type { ConnectionFilterInput } from "../model/input/connection-filter-input.js";
import type { ServiceKeyInput } from "../model/input/service-input.js";
import type { SampleSubject } from "../watch/events/samples.js";

/** What Ipvs.open can be told. */
export interface OpenOptions {
  /**
   * Whether a kernel without ip_vs is given the module first, by `/sbin/modprobe`, as ipvsadm does it. That needs
   * CAP_SYS_MODULE. Default: false.
   */
  readonly loadModule?: boolean | undefined;
}

/** What Ipvs.watch can be told. */
export interface WatchOptions {
  /** Seconds between two readings. Default: 1. */
  readonly interval?: number;
  /** The only service to look at. Default: all of them. */
  readonly service?: ServiceKeyInput;
  /** Ends the events. Leaving the loop does too. */
  readonly signal?: AbortSignal;
}

/** What Ipvs.watch can be told to have samples too. */
export interface SampledWatchOptions extends WatchOptions {
  /** Each reading gives what was counted for all services together, and for each service or for each destination. */
  readonly samples: SampleSubject;
}

/** What Ipvs.connections can be told. */
export interface ConnectionsOptions {
  /** Which connections are wanted. Default: all of them. */
  readonly filter?: ConnectionFilterInput | undefined;
  /** Whether each has its `origin`, which takes the reading of a second file. Default: false. */
  readonly origins?: boolean | undefined;
}

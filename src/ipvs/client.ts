import type { Change } from "../model/change.js";
import type { CountedServers, CountedService, CountKind } from "../model/fast/counts.js";
import type {
  Daemon,
  DestinationEntry,
  DestinationLoad,
  Info,
  Service,
  ServiceEntry,
  ServiceKey,
  Timeouts,
} from "../model/table.js";
import type { IpvsError } from "./ipvs-error.js";

/**
 * The kernel's ip_vs. Calls may be made without waiting for earlier ones: they reach the kernel, and their promises
 * settle, in the order of the calls. A question that the kernel refuses rejects with an IpvsError.
 */
export interface IpvsClient {
  /** Read when the client was opened, so it settles at once: it does not change as long as the module is loaded. */
  info(): Promise<Info>;
  /** In the kernel's order. */
  services(): Promise<ServiceEntry[]>;
  /** The same without their statistics, which are most of the work. */
  serviceSettings(): Promise<Service[]>;
  service(key: ServiceKey): Promise<ServiceEntry>;
  /** In the kernel's order. */
  destinations(key: ServiceKey): Promise<DestinationEntry[]>;
  /** The same without their statistics, which are most of the work and of the memory. */
  destinationLoads(key: ServiceKey): Promise<DestinationLoad[]>;
  /** The services with their counters or rates alone. Undefined where `services` has to be used. */
  countedServices(kind: CountKind): Promise<readonly CountedService[] | undefined>;
  /** The servers of each service with their counters or rates alone. Undefined where `destinations` has to be used. */
  countedServers(keys: readonly ServiceKey[], kind: CountKind): Promise<(CountedServers | undefined)[]>;
  timeouts(): Promise<Timeouts>;
  daemons(): Promise<Daemon[]>;
  /**
   * Makes changes in order, and goes on after one that the kernel refuses. Resolves to the refusal of each, undefined where
   * the kernel has made it. Rejects with a RangeError, and makes none, where one has a value that cannot be sent.
   */
  change(changes: readonly Change[]): Promise<(IpvsError | undefined)[]>;
  close(): void;
}

/** Contract: the operations on the kernel's table. */
import type {
  Daemon,
  DaemonState,
  Destination,
  DestinationEntry,
  DestinationKey,
  Info,
  Service,
  ServiceEntry,
  ServiceKey,
  Timeouts,
} from "./model.js";

/**
 * The kernel's ip_vs. Calls may be made without waiting for earlier ones: they reach the kernel, and their promises
 * settle, in the order of the calls. A refusal by the kernel rejects with an IpvsError.
 */
export interface IpvsClient {
  info(): Promise<Info>;
  /** In the kernel's order. */
  services(): Promise<ServiceEntry[]>;
  service(key: ServiceKey): Promise<ServiceEntry>;
  /** In the kernel's order. */
  destinations(key: ServiceKey): Promise<DestinationEntry[]>;
  addService(service: Service): Promise<void>;
  editService(service: Service): Promise<void>;
  deleteService(key: ServiceKey): Promise<void>;
  /** Zeroes the counters of one service and its servers, or without a key of all. */
  zero(key?: ServiceKey): Promise<void>;
  /** Deletes every service. */
  flush(): Promise<void>;
  addDestination(key: ServiceKey, destination: Destination): Promise<void>;
  editDestination(key: ServiceKey, destination: Destination): Promise<void>;
  deleteDestination(key: ServiceKey, destination: DestinationKey): Promise<void>;
  timeouts(): Promise<Timeouts>;
  setTimeouts(timeouts: Timeouts): Promise<void>;
  daemons(): Promise<Daemon[]>;
  startDaemon(daemon: Daemon): Promise<void>;
  stopDaemon(state: DaemonState, syncId: number): Promise<void>;
  close(): void;
}

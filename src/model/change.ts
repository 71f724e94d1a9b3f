import type { Daemon, DaemonState, Destination, DestinationKey, Service, ServiceKey, Timeouts } from "./table.js";

/** Adds a service, or replaces every setting of one. */
export interface ServiceChange {
  readonly command: "add-service" | "edit-service";
  readonly service: Service;
}

/** Adds a destination to a service, or replaces every setting of one. */
export interface DestinationChange {
  readonly command: "add-destination" | "edit-destination";
  readonly service: ServiceKey;
  readonly destination: Destination;
}

/** One change of the kernel's table: what one message over netlink does. */
export type Change =
  | ServiceChange
  | DestinationChange
  /** Deletes a service with its destinations. */
  | { readonly command: "delete-service"; readonly service: ServiceKey }
  | { readonly command: "delete-destination"; readonly service: ServiceKey; readonly destination: DestinationKey }
  /** Deletes every service. */
  | { readonly command: "flush" }
  /** Zeroes the counters of one service and its destinations, or of all. */
  | { readonly command: "zero"; readonly service: ServiceKey | "all" }
  /** A timeout of 0 stays as it is. */
  | { readonly command: "set-timeouts"; readonly timeouts: Timeouts }
  | { readonly command: "start-daemon"; readonly daemon: Daemon }
  | { readonly command: "stop-daemon"; readonly state: DaemonState; readonly syncId: number };

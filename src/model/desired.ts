import type { Daemon, Destination, Service, Timeouts } from "./table.js";

/** The table that the kernel should have. An absent part stays as it is. */
export interface DesiredState {
  /** All services that should exist. */
  readonly services?: readonly DesiredService[];
  readonly timeouts?: Timeouts;
  /** All daemons that should run. */
  readonly daemons?: readonly Daemon[];
}

/** A service with all destinations that it should have. */
export interface DesiredService {
  readonly service: Service;
  readonly destinations: readonly Destination[];
}

import type { Daemon, Destination, Service, Timeouts } from "./table.js";

/** What somebody wants the kernel's table to be. A part that is absent is not spoken of, and stays as it is. */
export interface DesiredState {
  /** Every service there is to be. */
  readonly services?: readonly DesiredService[];
  readonly timeouts?: Timeouts;
  /** Every daemon there is to be. */
  readonly daemons?: readonly Daemon[];
}

/** A service, and every destination it is to have. */
export interface DesiredService {
  readonly service: Service;
  readonly destinations: readonly Destination[];
}

/**
 * The library: `import { Ipvs } from "ipvsadm"`. The same code as the program's, which needs CAP_NET_ADMIN for everything
 * but `watch`. Addresses are canonical text, ports are host-order numbers, times are seconds, counters are `bigint`.
 */

import { nodePlatform } from "./host/node-platform.js";
import { openKernel } from "./host/open-kernel.js";
import { systemHost } from "./host/system-host.js";
import type { IpvsClient } from "./ipvs/client.js";
import type { Change } from "./model/change.js";
import type {
  Daemon,
  DaemonState,
  Destination,
  DestinationKey,
  Info,
  Service,
  ServiceKey,
  TableEntry,
  Timeouts,
} from "./model/table.js";
import type { WatchEvent } from "./model/watch-event.js";
import { watchEvents } from "./watch/events/watch-events.js";
import { TableReader } from "./watch/reading/reader.js";

export { IpvsError, type Operation } from "./ipvs/ipvs-error.js";
export type * from "./model/known-table.js";
export type * from "./model/table.js";
export type * from "./model/watch-event.js";

export interface WatchOptions {
  /** Seconds between two readings; 1 if not given. */
  readonly interval?: number;
  /** The only service to look at. */
  readonly service?: ServiceKey;
  /** Ends the events. Leaving the loop does too. */
  readonly signal?: AbortSignal;
}

/**
 * The kernel's IPVS table. Calls may be made without waiting for earlier ones: they reach the kernel in their order. What
 * the kernel refuses rejects with an IpvsError, whose `errno` is the kernel's and whose `message` is ipvsadm's.
 */
export class Ipvs implements Disposable {
  private constructor(private readonly client: IpvsClient) {}

  /** Connects to the kernel. Rejects with an IpvsError: EPERM without privileges, ENOPROTOOPT without the module ip_vs. */
  static async open(): Promise<Ipvs> {
    return new Ipvs(await openKernel(nodePlatform, { loadModule: false }));
  }

  /**
   * What happens to the table: first a snapshot, then an event for each change, the same that `ipvsadm watch --json` prints. Every
   * user may watch. A failed reading makes a `gap` event; what changed meanwhile follows with the next reading that succeeds.
   */
  static async *watch({ interval = 1, service, signal }: WatchOptions = {}): AsyncGenerator<WatchEvent> {
    const host = systemHost(nodePlatform);
    const reader = new TableReader(host, service);
    const count = Number.POSITIVE_INFINITY;
    try {
      yield* watchEvents(reader, { clock: host.clock, interval, count, sorted: true, signal });
    } finally {
      reader.close();
    }
  }

  info(): Promise<Info> {
    return this.client.info();
  }

  /** Every service with its servers, in the kernel's order. */
  async list(): Promise<TableEntry[]> {
    const services = await this.client.services();
    return Promise.all(
      services.map(async (service) => ({ service, destinations: await this.client.destinations(service) })),
    );
  }

  /** One service with its servers. */
  async get(key: ServiceKey): Promise<TableEntry> {
    const [service, destinations] = await Promise.all([this.client.service(key), this.client.destinations(key)]);
    return { service, destinations };
  }

  addService(service: Service): Promise<void> {
    return this.#change({ command: "add-service", service });
  }

  editService(service: Service): Promise<void> {
    return this.#change({ command: "edit-service", service });
  }

  /** Deletes a service with its servers. */
  deleteService(key: ServiceKey): Promise<void> {
    return this.#change({ command: "delete-service", service: key });
  }

  addDestination(service: ServiceKey, destination: Destination): Promise<void> {
    return this.#change({ command: "add-destination", service, destination });
  }

  editDestination(service: ServiceKey, destination: Destination): Promise<void> {
    return this.#change({ command: "edit-destination", service, destination });
  }

  deleteDestination(service: ServiceKey, destination: DestinationKey): Promise<void> {
    return this.#change({ command: "delete-destination", service, destination });
  }

  /** Zeroes the counters of one service and its servers, or without a key of all. */
  zero(key?: ServiceKey): Promise<void> {
    return this.#change({ command: "zero", service: key });
  }

  /** Deletes every service. */
  clear(): Promise<void> {
    return this.#change({ command: "flush" });
  }

  timeouts(): Promise<Timeouts> {
    return this.client.timeouts();
  }

  /** Sets the timeouts that are not 0. */
  setTimeouts(timeouts: Timeouts): Promise<void> {
    return this.#change({ command: "set-timeouts", timeouts });
  }

  daemons(): Promise<Daemon[]> {
    return this.client.daemons();
  }

  startDaemon(daemon: Daemon): Promise<void> {
    return this.#change({ command: "start-daemon", daemon });
  }

  stopDaemon(state: DaemonState, syncId: number): Promise<void> {
    return this.#change({ command: "stop-daemon", state, syncId });
  }

  async #change(change: Change): Promise<void> {
    const [refusal] = await this.client.change([change]);
    if (refusal !== undefined) throw refusal;
  }

  close(): void {
    this.client.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

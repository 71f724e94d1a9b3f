import { nodePlatform } from "../host/node-platform.js";
import { openKernel } from "../host/open-kernel.js";
import { systemHost } from "../host/system-host.js";
import type { IpvsClient } from "../ipvs/client.js";
import { IpvsError } from "../ipvs/ipvs-error.js";
import { readTable } from "../ipvs/read-table.js";
import type { Change } from "../model/change.js";
import type { DesiredState } from "../model/desired.js";
import { destinationIdentity } from "../model/identity.js";
import { type ChangeInput, completeChange } from "../model/input/change-input.js";
import type { DaemonInput, DaemonKeyInput, TimeoutsInput } from "../model/input/daemon-input.js";
import {
  completeDestination,
  completeDestinationKey,
  type DestinationInput,
  type DestinationKeyInput,
} from "../model/input/destination-input.js";
import {
  completeService,
  completeServiceKey,
  type ServiceInput,
  type ServiceKeyInput,
} from "../model/input/service-input.js";
import type { Connection, Daemon, Info, TableEntry, Timeouts } from "../model/table.js";
import type { SampleEvent, WatchEvent } from "../model/watch-event.js";
import { errnoOf } from "../platform/errno.js";
import { readConnections } from "./connections.js";
import { readDesiredState } from "./desired-state.js";
import { makeChange } from "./make-change.js";
import type { ConnectionsOptions, OpenOptions, SampledWatchOptions, WatchOptions } from "./options.js";
import { watchTable } from "./watch.js";

/**
 * The kernel's IPVS table, with everything ipvsadm can do to it. `watch` and `connections` are for every user; the rest
 * needs CAP_NET_ADMIN.
 *
 * A call that the kernel refuses rejects with an IpvsError, whose `code` is the errno's name and whose `message` is
 * ipvsadm's. A value that cannot be right rejects with a TypeError or a RangeError that names it, and nothing is sent.
 * Calls may be made without waiting for earlier ones: they reach the kernel in their order.
 *
 * @example
 * ```ts
 * import { Ipvs } from "ipvsadm";
 *
 * const ipvs = await Ipvs.open();
 * const web = { protocol: "tcp", address: "192.0.2.10", port: 80 } as const;
 * await ipvs.addService(web);
 * await ipvs.addDestination(web, { address: "10.0.0.1" });
 * console.log(await ipvs.list());
 * ipvs.close();
 * ```
 */
export class Ipvs implements Disposable {
  readonly #client: IpvsClient;
  /** Settles when all earlier work of several requests is done. */
  #edits: Promise<unknown> = Promise.resolve();

  private constructor(client: IpvsClient) {
    this.#client = client;
  }

  /**
   * Connects to the kernel. Rejects with an IpvsError: EPERM without CAP_NET_ADMIN, ENOPROTOOPT without the module
   * ip_vs.
   */
  static async open({ loadModule = false }: OpenOptions = {}): Promise<Ipvs> {
    return new Ipvs(await openKernel(nodePlatform, { loadModule }));
  }

  /**
   * Watches the table, as `ipvsadm watch --json` does: first a snapshot, then an event for each change. Every user may
   * watch. A reading that fails is reported as a gap; what changed meanwhile follows it. The loop throws a RangeError for
   * an interval that is not more than 0.
   *
   * @example
   * ```js
   * for await (const event of Ipvs.watch({ interval: 5 })) console.log(event);
   * ```
   */
  static watch(options?: WatchOptions & { readonly samples?: undefined }): AsyncGenerator<WatchEvent>;
  /** The same with samples: what was counted, in each reading, after the changes. */
  static watch(options: SampledWatchOptions): AsyncGenerator<WatchEvent | SampleEvent>;
  static watch(
    options?: WatchOptions & { readonly samples?: SampledWatchOptions["samples"] | undefined },
  ): AsyncGenerator<WatchEvent | SampleEvent> {
    return watchTable(options);
  }

  /**
   * Reads the connections and persistence templates that fit the filter, in the kernel's order; millions take no more
   * memory than a few. Every user may read them. One that comes or goes during the reading may be missed or seen twice.
   * Throws a ProcError where ip_vs is not loaded, and a TypeError or a RangeError for a filter that cannot be right.
   *
   * @example
   * ```js
   * for await (const { source } of Ipvs.connections({ filter: { server: "10.0.0.1" } })) console.log(source);
   * ```
   */
  static connections(options?: ConnectionsOptions): AsyncGenerator<Connection> {
    return readConnections(systemHost(nodePlatform).proc, options);
  }

  /** The version of ip_vs and the size of its connection table. */
  info(): Promise<Info> {
    return this.#inTurn((client) => client.info());
  }

  /** Every service with its destinations, in the kernel's order. */
  list(): Promise<TableEntry[]> {
    return this.#inTurn(readTable);
  }

  /** One service with its destinations. Rejects with an IpvsError, ESRCH, where there is none. */
  async get(service: ServiceKeyInput): Promise<TableEntry> {
    const key = completeServiceKey(service);
    return this.#inTurn(async (client) => {
      const [entry, destinations] = await Promise.all([client.service(key), client.destinations(key)]);
      return { service: entry, destinations };
    });
  }

  /** The services, timeouts and daemons without what is measured: what `ipvsadm-save` writes, as a value. */
  save(): Promise<Required<DesiredState>> {
    return this.#inTurn(readDesiredState);
  }

  /**
   * Adds a service. What is left out has ipvsadm's default. Rejects with an IpvsError: EEXIST where there is one, ENOENT
   * where the kernel has no such scheduler or persistence engine.
   *
   * @example
   * ```js
   * await ipvs.addService({ protocol: "tcp", address: "2001:db8::10", port: 443, scheduler: "wrr", timeout: 600 });
   * await ipvs.addService({ fwmark: 7 });
   * ```
   */
  addService(service: ServiceInput): Promise<void> {
    return this.#change({ command: "add-service", service });
  }

  /**
   * Changes the settings of a service that are given; the others stay as they are, for which they are read first. (The
   * kernel, and `ipvsadm -E`, replace all of them.) Rejects with an IpvsError, ESRCH, where there is no such service.
   *
   * @example
   * ```js
   * await ipvs.editService({ protocol: "tcp", address: "192.0.2.10", port: 80, scheduler: "mh" });
   * ```
   */
  async editService(service: ServiceInput): Promise<void> {
    const key = completeServiceKey(service);
    return this.#edit(async (client) => {
      return { command: "edit-service", service: completeService(service, "service", await client.service(key)) };
    });
  }

  /** Deletes a service with its destinations. Rejects with an IpvsError, ESRCH, where there is no such service. */
  deleteService(service: ServiceKeyInput): Promise<void> {
    return this.#change({ command: "delete-service", service });
  }

  /**
   * Adds a destination to a service. What is left out has ipvsadm's default. Rejects with an IpvsError: ESRCH where there
   * is no such service, EEXIST where it has the destination.
   *
   * @example
   * ```js
   * await ipvs.addDestination(web, { address: "10.0.0.1", port: 8080, forward: "masq", weight: 3 });
   * ```
   */
  addDestination(service: ServiceKeyInput, destination: DestinationInput): Promise<void> {
    return this.#change({ command: "add-destination", service, destination });
  }

  /**
   * Changes the settings of a destination that are given; the others stay as they are, for which they are read first,
   * with all destinations of the service. (The kernel, and `ipvsadm -e`, replace all of them.) Rejects with an IpvsError:
   * ESRCH where there is no such service, ENOENT where it has no such destination.
   *
   * @example
   * ```js
   * await ipvs.editDestination(web, { address: "10.0.0.1", weight: 0 }); // drains it
   * ```
   */
  async editDestination(service: ServiceKeyInput, destination: DestinationInput): Promise<void> {
    const key = completeServiceKey(service);
    const identity = destinationIdentity(completeDestinationKey(key, destination));
    return this.#edit(async (client) => {
      const [, destinations] = await Promise.all([client.service(key), client.destinations(key)]);
      const current = destinations.find((each) => destinationIdentity(each) === identity);
      if (current === undefined) throw new IpvsError("edit destination", errnoOf("ENOENT"));
      const edited = completeDestination(key, destination, "destination", current);
      return { command: "edit-destination", service: key, destination: edited };
    });
  }

  /**
   * Deletes a destination of a service; its connections end with it. Rejects with an IpvsError: ESRCH where there is no
   * such service, ENOENT where it has no such destination.
   */
  deleteDestination(service: ServiceKeyInput, destination: DestinationKeyInput): Promise<void> {
    return this.#change({ command: "delete-destination", service, destination });
  }

  /**
   * Zeroes the counters of one service and its destinations, or of all. Rejects with an IpvsError, ESRCH, where there is no
   * such service.
   */
  zero(service: ServiceKeyInput | "all"): Promise<void> {
    return this.#change({ command: "zero", service });
  }

  /** Deletes every service. */
  clear(): Promise<void> {
    return this.#change({ command: "flush" });
  }

  /** The timeouts of connections, seconds. */
  timeouts(): Promise<Timeouts> {
    return this.#inTurn((client) => client.timeouts());
  }

  /** Sets the timeouts that are given, seconds, 1 to 31 days. One that is left out, or 0, stays as it is. */
  setTimeouts(timeouts: TimeoutsInput): Promise<void> {
    return this.#change({ command: "set-timeouts", timeouts });
  }

  /** The connection sync daemons that run: none, a master, a backup, or both. */
  daemons(): Promise<Daemon[]> {
    return this.#inTurn((client) => client.daemons());
  }

  /**
   * Starts a connection sync daemon. Rejects with an IpvsError: EEXIST where one of the state runs, ENODEV where there is
   * no such interface.
   *
   * @example
   * ```js
   * await ipvs.startDaemon({ state: "master", interface: "eth1", syncId: 5 });
   * ```
   */
  startDaemon(daemon: DaemonInput): Promise<void> {
    return this.#change({ command: "start-daemon", daemon });
  }

  /** Stops a connection sync daemon. Rejects with an IpvsError, ESRCH, where none of the state runs. */
  stopDaemon({ state, syncId }: DaemonKeyInput): Promise<void> {
    return this.#change({ command: "stop-daemon", state, syncId });
  }

  /**
   * Makes many changes in few datagrams, in their order, whatever becomes of those before. Resolves to undefined or the
   * kernel's refusal for each. Rejects, with nothing sent, where a value cannot be right.
   *
   * @example
   * ```js
   * const outcomes = await ipvs.change([
   *   { command: "add-service", service: web },
   *   { command: "add-destination", service: web, destination: { address: "10.0.0.1" } },
   * ]);
   * const refusals = outcomes.filter((outcome) => outcome !== undefined);
   * ```
   */
  async change(changes: readonly ChangeInput[]): Promise<(IpvsError | undefined)[]> {
    const complete = changes.map((change, index) => completeChange(change, `changes[${index}].`));
    return this.#inTurn((client) => client.change(complete));
  }

  /** Closes the connection to the kernel. Calls that are not done reject. */
  close(): void {
    this.#client.close();
  }

  /** The same as close, for `using ipvs = await Ipvs.open()`. */
  [Symbol.dispose](): void {
    this.close();
  }

  async #change(change: ChangeInput): Promise<void> {
    const complete = completeChange(change);
    return this.#inTurn((client) => makeChange(client, complete));
  }

  #edit(read: (client: IpvsClient) => Promise<Change>): Promise<void> {
    return this.exclusively(async (client) => makeChange(client, await read(client)));
  }

  /** @internal Does work of several requests. No other call of this object comes between them. */
  exclusively<T>(work: (client: IpvsClient) => Promise<T>): Promise<T> {
    const done = this.#inTurn(work);
    this.#edits = done.catch(() => {});
    return done;
  }

  /** Calls after all earlier work of several requests. */
  #inTurn<T>(call: (client: IpvsClient) => Promise<T>): Promise<T> {
    return this.#edits.then(() => call(this.#client));
  }
}

import type { IpvsClient } from "../../src/ipvs/client.js";
import { IpvsError } from "../../src/ipvs/ipvs-error.js";
import { encodeChanges, operationOf } from "../../src/ipvs/wire/encode-change.js";
import { parseAddress } from "../../src/model/address.js";
import type { Change, DestinationChange, ServiceChange } from "../../src/model/change.js";
import type { CountKind } from "../../src/model/fast/counts.js";
import { destinationIdentity, destinationKeyOf, serviceIdentity, serviceKeyOf } from "../../src/model/identity.js";
import { longestName } from "../../src/model/limits.js";
import {
  type Counters,
  type Daemon,
  type DaemonState,
  type Destination,
  type DestinationEntry,
  type DestinationLoad,
  type Family,
  type Info,
  isMarkService,
  type Service,
  type ServiceEntry,
  type ServiceKey,
  type ServiceSettings,
  type TableEntry,
  type Timeouts,
} from "../../src/model/table.js";
import { type ErrorCode, errnoOf } from "../../src/platform/errno.js";
import { toCountedServers, toCountedServices } from "./counted.js";

export interface FakeKernelOptions {
  /** The schedulers whose modules can be loaded. */
  readonly schedulers?: readonly string[];
  /** The persistence engines whose modules can be loaded. */
  readonly engines?: readonly string[];
  /** The MTU of each interface, bytes. */
  readonly interfaces?: Readonly<Record<string, number>>;
  /** Refuses changes besides those that the kernel refuses itself; the first one that a client makes has the number 1. */
  readonly refuse?: (change: Change, number: number) => ErrorCode | undefined;
  /** Called after each change that a client makes. */
  readonly afterChange?: (change: Change, refusal: ErrorCode | undefined) => void;
}

/** What Linux 6.1 comes with. */
const knownSchedulers = ["rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "mh", "sed", "nq", "fo", "ovf"];

/** The name under which the kernel has a service without a scheduler. */
const noScheduler = "none";

const defaultTimeouts: Timeouts = { tcp: 900, tcpFin: 120, udp: 300 };

/** Seconds: what a signed 32-bit number of jiffies holds, of which a second has 250 in most kernels. */
const longestKernelTimeout = Math.floor((2 ** 31 - 1) / 250);

const noCounters: Counters = { connections: 0n, packetsIn: 0n, packetsOut: 0n, bytesIn: 0n, bytesOut: 0n };
const measured = { counters: noCounters, rates: noCounters };
const noConnections = { activeConnections: 0, inactiveConnections: 0, persistentConnections: 0 };

interface FakeService {
  readonly settings: Service;
  /** By identity, oldest first. */
  readonly destinations: Map<string, Destination>;
}

/**
 * A kernel with ip_vs in memory, and the client of it: it keeps a table, and refuses and completes what Linux 6.1 does. There is no
 * traffic, so all counters are 0. One contract (client-contract.ts) holds for it and for the real kernel.
 */
export class FakeKernel implements IpvsClient {
  /** By identity, oldest first. */
  readonly #services = new Map<string, FakeService>();
  readonly #daemons = new Map<DaemonState, Daemon>();
  #timeouts = defaultTimeouts;
  /** The changes that clients have made. */
  #changes = 0;

  constructor(private readonly options: FakeKernelOptions = {}) {}

  /** The table as it is, without waiting. */
  entries(): TableEntry[] {
    return this.#list().map(({ settings, destinations }) => ({
      service: { ...settings, ...measured },
      destinations: [...destinations.values()].reverse().map((one) => ({ ...one, ...noConnections, ...measured })),
    }));
  }

  async info(): Promise<Info> {
    return { version: "1.2.1", connectionTableSize: 4096 };
  }

  async services(): Promise<ServiceEntry[]> {
    return this.#list().map(({ settings }) => ({ ...settings, ...measured }));
  }

  async serviceSettings(): Promise<Service[]> {
    return this.#list().map(({ settings }) => settings);
  }

  async service(key: ServiceKey): Promise<ServiceEntry> {
    const found = this.#services.get(serviceIdentity(key));
    if (found === undefined) throw new IpvsError("get service", errnoOf("ESRCH"));
    return { ...found.settings, ...measured };
  }

  /** A service that there is not has none. */
  async destinations(key: ServiceKey): Promise<DestinationEntry[]> {
    const found = this.#services.get(serviceIdentity(key));
    const destinations = [...(found?.destinations.values() ?? [])].reverse();
    return destinations.map((destination) => ({ ...destination, ...noConnections, ...measured }));
  }

  async destinationLoads(key: ServiceKey): Promise<DestinationLoad[]> {
    const destinations = await this.destinations(key);
    return destinations.map(({ counters, rates, persistentConnections, ...load }) => load);
  }

  async countedServices(kind: CountKind) {
    return toCountedServices(await this.services(), kind);
  }

  async countedServers(keys: readonly ServiceKey[], kind: CountKind) {
    return Promise.all(keys.map(async (key) => toCountedServers(await this.destinations(key), kind)));
  }

  async timeouts(): Promise<Timeouts> {
    return this.#timeouts;
  }

  async daemons(): Promise<Daemon[]> {
    return (["master", "backup"] as const).flatMap((state) => this.#daemons.get(state) ?? []);
  }

  async change(changes: readonly Change[]): Promise<(IpvsError | undefined)[]> {
    // Throws for a value that cannot be sent, before any change is made.
    encodeChanges(changes);
    return changes.map((change) => {
      const refusal = this.options.refuse?.(change, ++this.#changes) ?? this.changeAside(change);
      this.options.afterChange?.(change, refusal);
      return refusal && new IpvsError(operationOf(change), errnoOf(refusal));
    });
  }

  close(): void {}

  /** Makes a change as somebody else does, who may come between two changes of a client. Returns the errno of a refusal. */
  changeAside(change: Change): ErrorCode | undefined {
    switch (change.command) {
      case "add-service":
      case "edit-service":
        return this.#changeService(change);
      case "delete-service":
        return this.#services.delete(serviceIdentity(change.service)) ? undefined : "ESRCH";
      case "add-destination":
      case "edit-destination":
        return this.#changeDestination(change);
      case "delete-destination": {
        const service = this.#services.get(serviceIdentity(change.service));
        if (service === undefined) return "ESRCH";
        return service.destinations.delete(destinationIdentity(change.destination)) ? undefined : "ENOENT";
      }
      case "flush":
        this.#services.clear();
        return undefined;
      case "zero":
        return change.service === "all" || this.#services.has(serviceIdentity(change.service)) ? undefined : "ESRCH";
      case "set-timeouts":
        return this.#setTimeouts(change.timeouts);
      case "start-daemon":
        return this.#startDaemon(change.daemon);
      case "stop-daemon":
        // The kernel does not look at the syncid.
        return this.#daemons.delete(change.state) ? undefined : "ESRCH";
    }
  }

  /** Those with an address come first. */
  #list(): FakeService[] {
    const services = [...this.#services.values()];
    const hasMark = ({ settings }: FakeService) => isMarkService(settings);
    return [...services.filter((service) => !hasMark(service)), ...services.filter(hasMark)];
  }

  #changeService({ command, service }: ServiceChange): ErrorCode | undefined {
    const identity = serviceIdentity(service);
    const existing = this.#services.get(identity);
    if (service.scheduler.length > longestName || (service.engine?.length ?? 0) > longestName + 1) return "EINVAL";
    if (command === "add-service" && existing !== undefined) return "EEXIST";
    if (command === "edit-service" && existing === undefined) return "ESRCH";
    const { schedulers = knownSchedulers, engines = ["sip"] } = this.options;
    if (service.scheduler !== noScheduler && !schedulers.includes(service.scheduler)) return "ENOENT";
    if (service.engine && !engines.includes(service.engine)) return "ENOENT";
    if (typeof service.netmask === "number" && (service.netmask < 1 || service.netmask > 128)) return "EINVAL";
    const settings = { ...serviceKeyOf(service), ...settingsOf(service) };
    this.#services.set(identity, { settings, destinations: existing?.destinations ?? new Map() });
    return undefined;
  }

  #changeDestination({ command, service: key, destination }: DestinationChange): ErrorCode | undefined {
    const service = this.#services.get(serviceIdentity(key));
    if (service === undefined) return "ESRCH";
    const { forward, weight, upperThreshold, lowerThreshold, tunnel } = destination;
    if (destination.family !== key.family) {
      if (this.#daemons.size > 0 || forward !== "tunnel") return "EINVAL";
    }
    if (weight < 0 || lowerThreshold > upperThreshold) return "ERANGE";
    if (tunnel.type === "gue" && tunnel.port === 0) return "EINVAL";
    const identity = destinationIdentity(destination);
    const exists = service.destinations.has(identity);
    if (command === "edit-destination" && !exists) return "ENOENT";
    if (command === "add-destination" && exists) return "EEXIST";
    if (!exists && !isUnicast(destination.family, destination.address)) return "EINVAL";
    const settings = { forward, weight, upperThreshold, lowerThreshold, tunnel: { ...tunnel } };
    service.destinations.set(identity, { ...destinationKeyOf(destination), ...settings });
    return undefined;
  }

  #setTimeouts({ tcp, tcpFin, udp }: Timeouts): ErrorCode | undefined {
    if (Math.max(tcp, tcpFin, udp) > longestKernelTimeout) return "EINVAL";
    const { tcp: tcpNow, tcpFin: tcpFinNow, udp: udpNow } = this.#timeouts;
    this.#timeouts = { tcp: tcp || tcpNow, tcpFin: tcpFin || tcpFinNow, udp: udp || udpNow };
    return undefined;
  }

  #startDaemon(daemon: Daemon): ErrorCode | undefined {
    const { interfaces = { eth0: 1500 } } = this.options;
    const { state } = daemon;
    const group = daemon.multicastGroup || "224.0.0.81";
    if (daemon.interface.length > longestName || !isMulticast(group)) return "EINVAL";
    if (this.#hasMixedFamilies()) return "EINVAL";
    const mtu = interfaces[daemon.interface];
    if (mtu === undefined) return "ENODEV";
    if (this.#daemons.has(state)) return "EEXIST";
    // An IPv4 or IPv6 header, and one of UDP.
    const headers = group.includes(":") ? 48 : 28;
    const [least, usual] = state === "backup" ? [1024, Math.max(1500, mtu)] : [1, 1500];
    this.#daemons.set(state, {
      state,
      interface: daemon.interface,
      syncId: daemon.syncId,
      syncMaxLength: daemon.syncMaxLength
        ? Math.min(Math.max(daemon.syncMaxLength, least), 65535 - headers)
        : usual - headers,
      multicastGroup: group,
      multicastPort: daemon.multicastPort || 8848,
      multicastTtl: daemon.multicastTtl || 1,
    });
    return undefined;
  }

  #hasMixedFamilies(): boolean {
    for (const { settings, destinations } of this.#services.values()) {
      for (const { family } of destinations.values()) if (family !== settings.family) return true;
    }
    return false;
  }
}

function settingsOf(service: Service): ServiceSettings {
  const { scheduler, schedulerFlags, onePacket, persistent, timeout, netmask, engine } = service;
  const flags = [...new Set(schedulerFlags)].sort();
  return { scheduler, schedulerFlags: flags, onePacket, persistent, timeout, netmask, ...(engine && { engine }) };
}

/** Whether a server may have the address. The kernel takes more: link-local addresses and others that are its own. */
function isUnicast(family: Family, address: string): boolean {
  const bytes = parseAddress(family, address);
  const [first = 0, second = 0] = bytes;
  if (family === "inet") {
    const isBroadcast = bytes.every((byte) => byte === 0) || bytes.every((byte) => byte === 255);
    return !isBroadcast && first >> 4 !== 14;
  }
  const isMapped = bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  const isLinkLocal = first === 0xfe && second >> 6 === 2;
  return first !== 0xff && !isLinkLocal && !isMapped && bytes.some((byte) => byte !== 0);
}

function isMulticast(group: string): boolean {
  return group.includes(":")
    ? parseAddress("inet6", group)[0] === 0xff
    : (parseAddress("inet", group)[0] ?? 0) >> 4 === 14;
}

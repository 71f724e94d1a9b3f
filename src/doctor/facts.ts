import type { Override } from "../model/override.js";
import type {
  Daemon,
  Destination,
  DestinationEntry,
  ForwardingMethod,
  Service,
  ServiceEntry,
  Timeouts,
} from "../model/table.js";
import type { InterfaceAddress } from "../rtnetlink/interface-address.js";
import type { Link } from "../rtnetlink/link.js";
import type { Neighbor } from "../rtnetlink/neighbor.js";
import type { Route } from "../rtnetlink/route.js";
import type { Rule } from "../rtnetlink/rule.js";

/** What a machine is in a cluster. */
export const roles = ["director", "real-server"] as const;
/** What a machine is in a cluster: it distributes connections, or serves them. */
export type Role = (typeof roles)[number];

/** A value, or why it could not be read. */
export type FactReading<Value> = { readonly value: Value } | { readonly reason: string; readonly isMissing?: boolean };

/** A real server: of a file, or of the kernel, which also counts. */
export type ExaminedServer = Destination &
  Partial<Pick<DestinationEntry, "activeConnections" | "inactiveConnections" | "counters">>;

/** Whether the server has connections, which the kernel counts sooner than packets. */
export function isUsed({ activeConnections = 0, inactiveConnections = 0 }: ExaminedServer): boolean {
  return activeConnections + inactiveConnections > 0;
}

/** A service with its servers. */
export interface ExaminedService {
  readonly service: Service & Partial<Pick<ServiceEntry, "counters">>;
  readonly servers: readonly ExaminedServer[];
}

/** What rtnetlink knows of the whole machine. */
export interface NetworkFacts {
  readonly links: readonly Link[];
  readonly addresses: readonly InterfaceAddress[];
  readonly neighbors: readonly Neighbor[];
  readonly rules: readonly Rule[];
}

/** A virtual address that a user names. */
export interface VirtualAddress {
  readonly family: "inet" | "inet6";
  readonly address: string;
  readonly port: number | undefined;
}

/** The machine that is examined. */
export interface Subject {
  readonly role: Role;
  /** The virtual addresses of a real server. */
  readonly vips: readonly VirtualAddress[];
  /** How packets get to a real server. */
  readonly method: ForwardingMethod;
  /** The address of the director on the real servers' network. */
  readonly director?: string | undefined;
}

/** Connections of a server. */
export interface ConnectionCount {
  readonly total: number;
  /** Those whose handshake is not finished. */
  readonly opening: number;
  readonly established: number;
}

/** What a file of sysctl.d gives to a setting at boot. */
export interface BootSetting {
  readonly value: string;
  readonly file: string;
  /** What it is now; absent where there is no such setting. */
  readonly now: string | undefined;
}

/** Everything that the checks judge, as it was read at one time. */
export interface Facts {
  readonly subject: Subject;
  /** Whether the services are those of a file that may be applied. */
  readonly isPlanned: boolean;
  /** When it was read, in milliseconds since 1970. */
  readonly time: number;
  /** Whether the kernel has ip_vs now. */
  readonly hasIpvs: FactReading<boolean>;
  readonly services: FactReading<readonly ExaminedService[]>;
  /** The services of the kernel, also where those of a file are examined. */
  readonly current: FactReading<readonly ExaminedService[]>;
  readonly timeouts: FactReading<Timeouts>;
  readonly daemons: FactReading<readonly Daemon[]>;
  /** Buckets of the connection table. */
  readonly tableSize: FactReading<number>;
  /** By `connectionsKey`. */
  readonly connections: FactReading<ReadonlyMap<string, ConnectionCount>>;
  /** Connections to the addresses of services whose servers have none, by `connectionsKey` of the service. */
  readonly uncounted: FactReading<ReadonlyMap<string, number>>;
  readonly network: FactReading<NetworkFacts>;
  /** The route to each server and virtual address, by address; a reason is the errno's name. */
  readonly routes: ReadonlyMap<string, FactReading<Route>>;
  /** Files by their paths. */
  readonly files: ReadonlyMap<string, FactReading<string>>;
  /** Those of `watchedPrograms` that run in this network namespace. */
  readonly programs: FactReading<ReadonlySet<string>>;
  /** What is set at boot, by the path of the setting. Undefined where these files are not for this network namespace. */
  readonly boot: FactReading<ReadonlyMap<string, BootSetting> | undefined>;
  /** Weights that are held against files. */
  readonly overrides: FactReading<readonly Override[]>;
  /** What was read some seconds before. */
  readonly earlier?: Facts;
}

export function connectionsKey(protocol: string, { address, port }: { address: string; port: number }): string {
  return `${protocol.toLowerCase()} ${address} ${port}`;
}

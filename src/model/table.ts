/**
 * The table of virtual services as the rest of the program sees it: plain values, no wire formats.
 * Addresses are canonical text (`10.0.0.1`, `2001:db8::1`), ports are host-order numbers,
 * times are seconds, counters are 64-bit (`bigint`), rates are per second.
 */

export const families = ["inet", "inet6"] as const;
export type Family = (typeof families)[number];

/** The protocols a virtual service can have (IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP). */
export const protocols = ["tcp", "udp", "sctp"] as const;
export type Protocol = (typeof protocols)[number];

/** What identifies a virtual service that is reached by address. */
export interface AddressServiceKey {
  readonly family: Family;
  readonly protocol: Protocol;
  readonly address: string;
  /** 0 means every port; the kernel allows it for persistent services only. */
  readonly port: number;
}

/** What identifies a virtual service that is reached by firewall mark (1..2^32-1). */
export interface MarkServiceKey {
  readonly family: Family;
  readonly fwmark: number;
}

export type ServiceKey = AddressServiceKey | MarkServiceKey;

/** One of the kernel's three scheduler flags (IP_VS_SVC_F_SCHED1..3); their meaning is the scheduler's. */
export type SchedulerFlag = 1 | 2 | 3;

/** What can be configured of a virtual service, besides its key. */
export interface ServiceSettings {
  readonly scheduler: string;
  /** In ascending order. */
  readonly schedulerFlags: readonly SchedulerFlag[];
  /** One-packet scheduling. */
  readonly onePacket: boolean;
  readonly persistent: boolean;
  /** Persistence timeout, seconds. The kernel keeps it even where `persistent` is false. */
  readonly timeout: number;
  /** Granularity of persistence: a dotted mask for inet, a prefix length (1..128) for inet6. */
  readonly netmask: string | number;
  /** Persistence engine. */
  readonly engine?: string;
}

export type Service = ServiceKey & ServiceSettings;

/** Running totals since the last zero: 64-bit where the kernel reports 64-bit. */
export interface Counters {
  readonly connections: bigint;
  readonly packetsIn: bigint;
  readonly packetsOut: bigint;
  readonly bytesIn: bigint;
  readonly bytesOut: bigint;
}

/** The kernel's estimates, per second, over about two seconds. */
export interface Rates {
  readonly connections: bigint;
  readonly packetsIn: bigint;
  readonly packetsOut: bigint;
  readonly bytesIn: bigint;
  readonly bytesOut: bigint;
}

/** A virtual service as the kernel reports it. */
export type ServiceEntry = Service & { readonly counters: Counters; readonly rates: Rates };

export const forwardingMethods = ["masq", "local", "tunnel", "route"] as const;
export type ForwardingMethod = (typeof forwardingMethods)[number];

export const tunnelTypes = ["ipip", "gue", "gre"] as const;
export type TunnelType = (typeof tunnelTypes)[number];

/** The checksum mode of a tunnel's outer header: none is the default. */
export type TunnelChecksum = "nocsum" | "csum" | "remcsum";

export interface Tunnel {
  readonly type: TunnelType;
  /** UDP destination port of a gue tunnel; 0 for the others. */
  readonly port: number;
  readonly checksum: TunnelChecksum;
}

/** What identifies a real server within its virtual service. Its family may differ from the service's (tunnels only). */
export interface DestinationKey {
  readonly family: Family;
  readonly address: string;
  readonly port: number;
}

/** What can be configured of a real server, besides its key. */
export interface DestinationSettings {
  readonly forward: ForwardingMethod;
  /** Share of new connections; 0 drains the server: it gets none. */
  readonly weight: number;
  /** New connections stop at this number of connections; 0 means no limit. */
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
  readonly tunnel: Tunnel;
}

export type Destination = DestinationKey & DestinationSettings;

/** The part of a real server that /proc/net/ip_vs has too, and that a plain listing shows. */
export interface DestinationSummary {
  readonly address: string;
  readonly port: number;
  readonly forward: ForwardingMethod;
  readonly weight: number;
  readonly activeConnections: number;
  readonly inactiveConnections: number;
}

/** A real server as the kernel reports it. */
export type DestinationEntry = Destination &
  DestinationSummary & {
    readonly persistentConnections: number;
    readonly counters: Counters;
    readonly rates: Rates;
  };

/** A virtual service with its real servers, as listings show it. */
export interface TableEntry<Server extends DestinationSummary = DestinationEntry> {
  readonly service: ServiceEntry;
  readonly destinations: readonly Server[];
}

/** General facts of the kernel's ip_vs. */
export interface Info {
  /** `1.2.1`, as IP_VS_VERSION_CODE spells it. */
  readonly version: string;
  /** Buckets of the connection hash table. */
  readonly connectionTableSize: number;
}

/** Connection timeouts, seconds. In a change, 0 leaves the kernel's value as it is. */
export interface Timeouts {
  readonly tcp: number;
  readonly tcpFin: number;
  readonly udp: number;
}

export type DaemonState = "master" | "backup";

/** A connection sync daemon; what is 0 or absent in a start is chosen by the kernel. */
export interface Daemon {
  readonly state: DaemonState;
  readonly interface: string;
  /** 0..255. */
  readonly syncId: number;
  /** Largest sync message, bytes. */
  readonly syncMaxLength?: number;
  readonly multicastGroup?: string;
  readonly multicastPort?: number;
  readonly multicastTtl?: number;
}

export interface ConnectionEndpoint {
  readonly address: string;
  readonly port: number;
}

/** A connection or persistence template. Text is as the kernel shows it, one character for each byte. */
export interface Connection {
  /** `TCP`, `UDP`, `SCTP`, `IP` (templates of firewall marks) and others. */
  readonly protocol: string;
  readonly source: ConnectionEndpoint;
  readonly virtual: ConnectionEndpoint;
  readonly destination: ConnectionEndpoint;
  readonly state: string;
  /** Seconds until it expires; where the timer has just run out the kernel wraps, cut here to 32 bits. */
  readonly expires: number;
  /** What the persistence engine keeps of it, up to the first blank. */
  readonly engine?: { readonly name: string; readonly data: string };
}

export function isMarkService(key: ServiceKey): key is MarkServiceKey {
  return "fwmark" in key;
}

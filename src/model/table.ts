/**
 * The table of virtual services as the rest of the program sees it: plain values, no wire formats.
 * Addresses are canonical text (`10.0.0.1`, `2001:db8::1`), ports are host-order numbers,
 * times are seconds, counters are 64-bit (`bigint`), rates are per second.
 */

/** The address families of services and destinations. */
export const families = ["inet", "inet6"] as const;
/** An address family: `inet` is IPv4, `inet6` is IPv6. */
export type Family = (typeof families)[number];

/** The protocols a virtual service can have (IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP). */
export const protocols = ["tcp", "udp", "sctp"] as const;
/** The protocol of a virtual service. */
export type Protocol = (typeof protocols)[number];

/** What identifies a virtual service that is reached by address. */
export interface AddressServiceKey {
  readonly family: Family;
  readonly protocol: Protocol;
  /** Canonical text of the family. */
  readonly address: string;
  /** 0 means every port; ipvsadm allows it for persistent services only. */
  readonly port: number;
}

/** What identifies a virtual service that is reached by firewall mark (1..2^32-1). */
export interface MarkServiceKey {
  readonly family: Family;
  readonly fwmark: number;
}

/** What identifies a virtual service: an address or a firewall mark. `isMarkService` distinguishes them. */
export type ServiceKey = AddressServiceKey | MarkServiceKey;

/** One of the kernel's three scheduler flags (IP_VS_SVC_F_SCHED1..3); their meaning is the scheduler's. */
export type SchedulerFlag = 1 | 2 | 3;

/** What can be configured of a virtual service, besides its key. */
export interface ServiceSettings {
  /** The kernel module that chooses a destination for each new connection: `wlc`, `rr`, `mh` and so on. */
  readonly scheduler: string;
  /** In ascending order. */
  readonly schedulerFlags: readonly SchedulerFlag[];
  /** One-packet scheduling: each packet is scheduled for itself. Only for `udp` and firewall marks. */
  readonly onePacket: boolean;
  /** Whether a client stays with the destination of its first connection. */
  readonly persistent: boolean;
  /** Persistence timeout, seconds. The kernel keeps it even where `persistent` is false. */
  readonly timeout: number;
  /** Granularity of persistence: a dotted mask for inet, a prefix length (1..128) for inet6. */
  readonly netmask: string | number;
  /** Persistence engine: the kernel module that tells clients apart by more than their address, such as `sip`. */
  readonly engine?: string;
}

/** A virtual service as it is configured. */
export type Service = ServiceKey & ServiceSettings;

/** Running totals since the last zero: 64-bit where the kernel reports 64-bit. */
export interface Counters {
  /** Connections scheduled. */
  readonly connections: bigint;
  /** Packets from clients. */
  readonly packetsIn: bigint;
  /** Packets to clients; only masquerading sees them. */
  readonly packetsOut: bigint;
  /** Bytes from clients. */
  readonly bytesIn: bigint;
  /** Bytes to clients; only masquerading sees them. */
  readonly bytesOut: bigint;
}

/** The kernel's estimates, per second, over about two seconds. */
export interface Rates {
  /** Connections per second. */
  readonly connections: bigint;
  /** Packets from clients per second. */
  readonly packetsIn: bigint;
  /** Packets to clients per second; only masquerading sees them. */
  readonly packetsOut: bigint;
  /** Bytes from clients per second. */
  readonly bytesIn: bigint;
  /** Bytes to clients per second; only masquerading sees them. */
  readonly bytesOut: bigint;
}

/** A virtual service as the kernel reports it. */
export type ServiceEntry = Service & { readonly counters: Counters; readonly rates: Rates };

/** The ways in which packets get to a destination (IP_VS_CONN_F_FWD_MASK). */
export const forwardingMethods = ["masq", "local", "tunnel", "route"] as const;
/** How packets get to a destination: `masq` is NAT, `route` is direct routing, `local` is the director itself. */
export type ForwardingMethod = (typeof forwardingMethods)[number];

/** The ways in which the forwarding method `tunnel` wraps packets. */
export const tunnelTypes = ["ipip", "gue", "gre"] as const;
/** How packets are wrapped. */
export type TunnelType = (typeof tunnelTypes)[number];

/** The checksum modes of a tunnel's outer header. */
export const tunnelChecksums = ["nocsum", "csum", "remcsum"] as const;
/** The checksum mode of a tunnel's outer header: `nocsum`, none, is the default; only `gue` has `remcsum`. */
export type TunnelChecksum = (typeof tunnelChecksums)[number];

/** How the forwarding method `tunnel` wraps packets. Other methods do not use it. */
export interface Tunnel {
  /** How packets are wrapped. */
  readonly type: TunnelType;
  /** UDP destination port of a gue tunnel; 0 for the others. */
  readonly port: number;
  /** The checksum of the outer header. */
  readonly checksum: TunnelChecksum;
}

/** What identifies a real server within its virtual service. Its family may differ from the service's (tunnels only). */
export interface DestinationKey {
  readonly family: Family;
  /** Canonical text of the family. */
  readonly address: string;
  /** 0 means the port of the packet. Only masquerading can change a packet's port. */
  readonly port: number;
}

/** What can be configured of a real server, besides its key. */
export interface DestinationSettings {
  /** How packets get to it. */
  readonly forward: ForwardingMethod;
  /** Share of new connections; 0 drains the server: it gets none. */
  readonly weight: number;
  /** New connections stop at this number of connections; 0 means no limit. */
  readonly upperThreshold: number;
  /** Connections below which new ones start again; 0 means three quarters of the upper threshold. */
  readonly lowerThreshold: number;
  /** Used with the forwarding method `tunnel` only. */
  readonly tunnel: Tunnel;
}

/** A real server as it is configured. */
export type Destination = DestinationKey & DestinationSettings;

/** The part of a real server that /proc/net/ip_vs has too, and that a plain listing shows. */
export interface DestinationSummary {
  readonly address: string;
  readonly port: number;
  readonly forward: ForwardingMethod;
  readonly weight: number;
  /** Established connections; in Linux 6.1 also those that are being opened. */
  readonly activeConnections: number;
  /** Connections in any other state. */
  readonly inactiveConnections: number;
}

/** A real server with its connections, and without its statistics. */
export type DestinationLoad = Destination & Pick<DestinationSummary, "activeConnections" | "inactiveConnections">;

/** A real server as the kernel reports it. */
export type DestinationEntry = Destination &
  DestinationSummary & {
    /** Templates of persistence: clients that stay with it. */
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
  /** Idle TCP connections. */
  readonly tcp: number;
  /** TCP connections after a FIN. */
  readonly tcpFin: number;
  /** Idle UDP exchanges. */
  readonly udp: number;
}

/** What a connection sync daemon does. The kernel has at most one of each. */
export const daemonStates = ["master", "backup"] as const;
/** `master` sends its connections to other directors, `backup` receives them. */
export type DaemonState = (typeof daemonStates)[number];

/** A connection sync daemon. When one is started, the kernel chooses what is 0 or absent. */
export interface Daemon {
  readonly state: DaemonState;
  /** The network interface of its messages. */
  readonly interface: string;
  /** Identifies the group of directors, 0..255. */
  readonly syncId: number;
  /** Largest sync message, bytes. */
  readonly syncMaxLength?: number;
  /** Multicast address of its messages, of either family. */
  readonly multicastGroup?: string;
  /** UDP port of its messages. */
  readonly multicastPort?: number;
  /** Time to live of its messages. */
  readonly multicastTtl?: number;
}

/** One end of a connection. */
export interface ConnectionEndpoint {
  readonly address: string;
  readonly port: number;
}

/** A connection or persistence template. Text is as the kernel shows it, one character for each byte. */
export interface Connection {
  /** `TCP`, `UDP`, `SCTP`, `IP` (templates of firewall marks) and others. */
  readonly protocol: string;
  /** The client; port 0 in templates. */
  readonly source: ConnectionEndpoint;
  /** The virtual service; in templates of a firewall mark the address is the mark. */
  readonly virtual: ConnectionEndpoint;
  /** The real server. */
  readonly destination: ConnectionEndpoint;
  /** `ESTABLISHED`, `FIN_WAIT` and so on; `NONE` for templates. */
  readonly state: string;
  /** Seconds until it expires. A timer that has just run out shows as a huge number, cut here to 32 bits. */
  readonly expires: number;
  /** What the persistence engine keeps of it, up to the first blank. */
  readonly engine?: { readonly name: string; readonly data: string };
  /** Where it comes from; absent where the file that was read does not have it. */
  readonly origin?: ConnectionOrigin;
}

/** The origins of connections. */
export const connectionOrigins = ["own", "sync"] as const;
/** `own`: this director made the connection; `sync`: its sync daemon learned of it from another director. */
export type ConnectionOrigin = (typeof connectionOrigins)[number];

/** Whether a service is reached by firewall mark, and not by address. */
export function isMarkService(key: ServiceKey): key is MarkServiceKey {
  return "fwmark" in key;
}

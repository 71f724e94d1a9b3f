/** Services and their servers as documents have them: each field is declared once, under its name in the model. */
import { defaultDestinationSettings, defaultPersistenceTimeout, defaultServiceSettings } from "../../model/defaults.js";
import type {
  KnownDestination,
  KnownDestinationSettings,
  KnownService,
  KnownServiceSettings,
} from "../../model/known-table.js";
import {
  largestInteger,
  largestPort,
  largestUnsigned,
  longestName,
  longestPrefix,
  longestTimeout,
} from "../../model/limits.js";
import { prefixLengthOf } from "../../model/netmask.js";
import { flagName, namedFlags } from "../../model/scheduler-flags.js";
import {
  type AddressServiceKey,
  type Counters,
  type DestinationEntry,
  type DestinationKey,
  families,
  type MarkServiceKey,
  protocols,
  type Rates,
  type ServiceEntry,
  type ServiceKey,
  type ServiceSettings,
  type Tunnel,
  type TunnelChecksum,
  tunnelTypes,
} from "../../model/table.js";
import { codec, counter, flag, integer, type Kind, listOf, oneOf, text } from "./kinds.js";
import {
  defaulted,
  eitherBy,
  measured,
  type ObjectKind,
  object,
  optional,
  type ReadOf,
  type RecordKind,
  required,
} from "./objects.js";

export const port = integer(0, largestPort);
export const seconds = integer(1, longestTimeout);
export const gauge = integer(0, largestUnsigned);
export const family = oneOf(...families);
export const addressText = text("an IP address", 45, /^[0-9A-Fa-f.:]+$/u);
/** IP_VS_SCHEDNAME_MAXLEN and IP_VS_PENAME_MAXLEN are 16 with the terminating zero. */
const moduleName = text("a name of letters, digits, _ and -", longestName, /^[\w-]+$/u);

export const countersKind = object("counters", {
  connections: measured(counter, "Connections scheduled.", { metric: "counter", unit: "connections" }),
  packetsIn: measured(counter, "Packets from clients.", { metric: "counter", unit: "packets" }),
  packetsOut: measured(counter, "Packets to clients; only masquerading sees them.", {
    metric: "counter",
    unit: "packets",
  }),
  bytesIn: measured(counter, "Bytes from clients.", { metric: "counter", unit: "bytes" }),
  bytesOut: measured(counter, "Bytes to clients; only masquerading sees them.", { metric: "counter", unit: "bytes" }),
} satisfies Record<keyof Counters, unknown>);

const perSecond = (name: string, unit: string) => ({ name, metric: "gauge", unit: `${unit} per second` }) as const;

const ratesKind = object("rates", {
  connections: measured(counter, "Connections per second.", perSecond("cps", "connections")),
  packetsIn: measured(counter, "Packets from clients per second.", perSecond("pps_in", "packets")),
  packetsOut: measured(counter, "Packets to clients per second.", perSecond("pps_out", "packets")),
  bytesIn: measured(counter, "Bytes (not bits) from clients per second.", perSecond("bps_in", "bytes")),
  bytesOut: measured(counter, "Bytes (not bits) to clients per second.", perSecond("bps_out", "bytes")),
} satisfies Record<keyof Rates, unknown>);

/** What is counted for a service or a server. */
export const statistics = {
  counters: measured(countersKind, "Totals since they were last zeroed; the kernel adds them up every two seconds.", {
    name: "stats",
  }),
  rates: measured(ratesKind, "The kernel's estimates, over about two seconds."),
};

const namedChecksum = oneOf("csum", "remcsum");
/** A list of what there is besides `nocsum`, which is an empty list or none. */
const checksum = codec(
  listOf(namedChecksum, 1),
  ([name]): TunnelChecksum => name ?? "nocsum",
  (checksum: TunnelChecksum) => (checksum === "nocsum" ? [] : [checksum]),
);

const tunnelKind = object("a tunnel", {
  type: required(oneOf(...tunnelTypes), "How packets are wrapped."),
  port: optional(integer(1, largestPort), "UDP port of the server's end; gue has it, and no other type.", {
    from: ({ type, port }: Tunnel) => (type === "gue" ? port : undefined),
  }),
  checksum: optional(
    checksum,
    "The checksum of the outer header: `csum` has one, `remcsum` is remote checksum offload, which gue alone knows. " +
      "Absent or empty: none. Not for ipip.",
    { name: "flags", from: ({ type, checksum }: Tunnel) => (type === "ipip" ? undefined : checksum) },
  ),
} satisfies Record<keyof Tunnel, unknown>);

const connectionGauge = { metric: "gauge", unit: "connections" } as const;

export const destinationKind = object("a real server", {
  family: required(family, "Address family. Another than the service's needs the forward method `tunnel`."),
  address: required(addressText, "IPv4 or IPv6 address, as text."),
  port: required(port, "Port, or 0 for that of the packet."),
  forward: defaulted(
    oneOf("masq", "route", "tunnel", "local"),
    defaultDestinationSettings.forward,
    "Forwarding method. `local` delivers to the director itself; no option of a command line sets it.",
  ),
  weight: defaulted(
    integer(0, largestInteger),
    defaultDestinationSettings.weight,
    "Share of connections; 0: no new ones.",
    { metric: "gauge" },
  ),
  upperThreshold: defaulted(
    integer(0, largestInteger),
    defaultDestinationSettings.upperThreshold,
    "New connections stop at this many; 0 means no limit.",
    { zero: "no limit", metric: "gauge" },
  ),
  lowerThreshold: defaulted(
    integer(0, largestInteger),
    defaultDestinationSettings.lowerThreshold,
    "New connections resume below this many; must not exceed `upper_threshold`. 0 means three quarters of it.",
    { zero: "three quarters of upper_threshold", metric: "gauge" },
  ),
  activeConnections: measured(
    gauge,
    "Connections that are established, or TCP connections that are being opened.",
    connectionGauge,
  ),
  inactiveConnections: measured(gauge, "All other connections, including all of UDP.", connectionGauge),
  persistentConnections: measured(gauge, "Templates of persistence.", { metric: "gauge", unit: "templates" }),
  tunnel: optional(tunnelKind, "The tunnel, where the forward method is `tunnel`. Absent: ipip.", {
    from: ({ forward, tunnel }: Partial<DestinationEntry>) => (forward === "tunnel" ? tunnel : undefined),
  }),
  ...statistics,
} satisfies Record<keyof DestinationEntry, unknown>);

/** The settings that only a persistent service has. */
type PersistentOnly = "timeout" | "netmask";
type KnownNetmask = Pick<Partial<ServiceSettings>, "netmask">;

const persistenceKind = object("persistence", {
  timeout: defaulted(
    seconds,
    defaultPersistenceTimeout,
    "Seconds that a client stays with its server after its last connection ended.",
  ),
  netmask: optional(addressText, "Which clients count as one: dotted mask, inet only. Default 255.255.255.255.", {
    alternative: "prefixlen",
    from: ({ netmask }: KnownNetmask) => (typeof netmask === "string" ? netmask : undefined),
  }),
  prefixLength: optional(
    integer(0, longestPrefix.inet6),
    "The same as a prefix length; absent where the mask of an inet service is none. " +
      "An inet6 service has 1 to 128, default 128.",
    {
      name: "prefixlen",
      alternative: "netmask",
      from: ({ netmask }: KnownNetmask) => (typeof netmask === "string" ? prefixLengthOf(netmask) : netmask),
    },
  ),
  engine: optional(moduleName, "Persistence engine, such as `sip`.", { name: "pe" }),
} satisfies Record<PersistentOnly | "prefixLength" | "engine", unknown>);

const serviceFields = {
  scheduler: defaulted(
    moduleName,
    defaultServiceSettings.scheduler,
    "Scheduler, such as `rr`, `wrr`, `lc`, `wlc`, `sh`, `mh`.",
  ),
  schedulerFlags: defaulted(
    listOf(oneOf(...namedFlags.map(({ name }) => name))),
    [],
    "Flags of the scheduler, under the names that it has for them.",
    {
      name: "sched_flags",
      from: ({ scheduler, schedulerFlags }: KnownServiceSettings) =>
        schedulerFlags?.map((flag) => flagName(scheduler, flag)),
    },
  ),
  onePacket: defaulted(flag, defaultServiceSettings.onePacket, "One-packet scheduling, for udp and firewall marks.", {
    name: "ops",
  }),
  persistent: optional(persistenceKind, "Persistence; absent: none.", {
    from: (settings: KnownServiceSettings) => (settings.persistent ? settings : undefined),
  }),
  engine: optional(moduleName, "A persistence engine of a service without persistence, where it has no effect.", {
    name: "pe",
    from: ({ persistent, engine }: KnownServiceSettings) => (persistent ? undefined : engine),
  }),
  ...statistics,
  destinations: defaulted(listOf(destinationKind), [], "The real servers, sorted by address and port."),
} satisfies Record<Exclude<keyof ServiceEntry, keyof ServiceKey | PersistentOnly> | "destinations", unknown>;

export const addressServiceKind = object("a virtual service", {
  family: required(family, "Address family."),
  protocol: required(oneOf(...protocols), "Protocol."),
  address: required(addressText, "IPv4 or IPv6 address, as text."),
  port: required(port, "Port; 0 for every port, which needs persistence."),
  ...serviceFields,
} satisfies Record<keyof AddressServiceKey, unknown>);

export const markServiceKind = object("a virtual service of a firewall mark", {
  family: required(family, "Family of the packets that carry the mark."),
  fwmark: required(integer(1, largestUnsigned), "Firewall mark."),
  ...serviceFields,
} satisfies Record<keyof MarkServiceKey, unknown>);

/** What an entry is written from; what is not known is left out. */
export interface EntrySource {
  readonly service: KnownService;
  readonly destinations: readonly (DestinationKey & KnownDestinationSettings & Partial<KnownDestination>)[];
}

/** A service with its servers, which are the last field of one object in JSON. */
export function entryOf<Read>(
  serviceKind: RecordKind<Read, KnownService>,
  destinationsKind: Kind<unknown, EntrySource["destinations"]>,
): Kind<Read, EntrySource> {
  return {
    ...serviceKind,
    write: ({ service, destinations }, measured) =>
      Object.assign(serviceKind.write(service, measured), {
        destinations: destinationsKind.write(destinations, measured),
      }),
  };
}

export const entryKind = entryOf(
  eitherBy("fwmark", markServiceKind, addressServiceKind),
  serviceFields.destinations.kind,
);

export type ReadOfKind<K> = K extends ObjectKind<infer F> ? ReadOf<F> : never;

export type ReadService = ReadOfKind<typeof addressServiceKind> | ReadOfKind<typeof markServiceKind>;
export type ReadDestination = ReadOfKind<typeof destinationKind>;

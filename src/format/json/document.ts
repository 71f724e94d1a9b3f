/**
 * The document: every object and field, declared once. The encoder, the check of what is read, the JSON Schema and the
 * reference page all derive from this.
 */
import { defaultDestinationSettings, defaultPersistenceTimeout, defaultServiceSettings } from "../../model/defaults.js";
import {
  largestInteger,
  largestPort,
  largestSyncId,
  largestSyncMaxLength,
  largestTtl,
  largestUnsigned,
  longestName,
  longestPrefix,
  longestTimeout,
} from "../../model/limits.js";
import { namedFlags } from "../../model/scheduler-flags.js";
import { families, protocols, tunnelTypes } from "../../model/table.js";
import { counter, flag, integer, listOf, oneOf, text, type ValueOf } from "./kinds.js";
import { defaulted, eitherBy, measured, object, optional, required } from "./objects.js";

const port = integer(0, largestPort);
const seconds = integer(1, longestTimeout);
const gauge = integer(0, largestUnsigned);
const family = oneOf(...families);
const address = text("an IP address", 45, /^[0-9A-Fa-f.:]+$/u);
/** IP_VS_SCHEDNAME_MAXLEN and IP_VS_PENAME_MAXLEN are 16 with the terminating zero. */
const moduleName = text("a name of letters, digits, _ and -", longestName, /^[\w-]+$/u);
/** IP_VS_IFNAME_MAXLEN is 16. The kernel has no interface whose name holds blanks, control characters, / or :. */
const interfaceName = text("a name of an interface", longestName, /^[!-.0-9;-~\u{80}-\u{10ffff}]+$/u);
const anyText = text("text", 255);

const counters = object("counters", {
  connections: measured(counter, "Connections scheduled."),
  packets_in: measured(counter, "Packets from clients."),
  packets_out: measured(counter, "Packets to clients; only masquerading sees them."),
  bytes_in: measured(counter, "Bytes from clients."),
  bytes_out: measured(counter, "Bytes to clients; only masquerading sees them."),
});

const rates = object("rates", {
  cps: measured(counter, "Connections per second."),
  pps_in: measured(counter, "Packets from clients per second."),
  pps_out: measured(counter, "Packets to clients per second."),
  bps_in: measured(counter, "Bytes (not bits) from clients per second."),
  bps_out: measured(counter, "Bytes (not bits) to clients per second."),
});

const statistics = {
  stats: measured(counters, "Totals since they were last zeroed; the kernel adds them up every two seconds."),
  rates: measured(rates, "The kernel's estimates, over about two seconds."),
};

const tunnel = object("a tunnel", {
  type: required(oneOf(...tunnelTypes), "How packets are wrapped."),
  port: optional(integer(1, largestPort), "UDP port of the server's end; gue has it, and no other type."),
  flags: optional(
    listOf(oneOf("csum", "remcsum"), 1),
    "The checksum of the outer header: `csum` has one, `remcsum` is remote checksum offload, which gue alone knows. " +
      "Absent or empty: none. Not for ipip.",
  ),
});

export const destination = object("a real server", {
  family: required(family, "Address family. Another than the service's needs the forward method `tunnel`."),
  address: required(address, "IPv4 or IPv6 address, as text."),
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
  ),
  upper_threshold: defaulted(
    integer(0, largestInteger),
    0,
    "Connections from which on it gets no new ones; 0: no limit.",
  ),
  lower_threshold: defaulted(
    integer(0, largestInteger),
    0,
    "Connections below which it gets new ones again; not above `upper_threshold`. 0: three quarters of that.",
  ),
  active_connections: measured(gauge, "Connections in the state established."),
  inactive_connections: measured(gauge, "Connections in any other state."),
  persistent_connections: measured(gauge, "Templates of persistence."),
  tunnel: optional(tunnel, "The tunnel, where the forward method is `tunnel`. Absent: ipip."),
  ...statistics,
});

const persistent = object("persistence", {
  timeout: defaulted(
    seconds,
    defaultPersistenceTimeout,
    "Seconds that a client stays with its server after its last connection ended.",
  ),
  netmask: optional(address, "Which clients count as one: dotted mask, inet only. Default 255.255.255.255."),
  prefixlen: optional(
    integer(0, longestPrefix.inet6),
    "The same as a prefix length; absent where the mask of an inet service is none. " +
      "An inet6 service has 1 to 128, default 128.",
  ),
  pe: optional(moduleName, "Persistence engine, such as `sip`."),
});

const serviceSettings = {
  scheduler: defaulted(
    moduleName,
    defaultServiceSettings.scheduler,
    "Scheduler, such as `rr`, `wrr`, `lc`, `wlc`, `sh`, `mh`.",
  ),
  sched_flags: defaulted(
    listOf(oneOf(...namedFlags.map(({ name }) => name))),
    [],
    "Flags of the scheduler, under the names that it has for them.",
  ),
  ops: defaulted(flag, false, "One-packet scheduling, for udp and firewall marks."),
  persistent: optional(persistent, "Persistence; absent: none."),
  pe: optional(moduleName, "A persistence engine of a service without persistence, where it has no effect."),
  ...statistics,
  destinations: defaulted(listOf(destination), [], "The real servers, sorted by address and port."),
};

export const addressService = object("a virtual service", {
  family: required(family, "Address family."),
  protocol: required(oneOf(...protocols), "Protocol."),
  address: required(address, "IPv4 or IPv6 address, as text."),
  port: required(port, "Port; 0 for every port, which needs persistence."),
  ...serviceSettings,
});

export const markService = object("a virtual service of a firewall mark", {
  family: required(family, "Family of the packets that carry the mark."),
  fwmark: required(integer(1, largestUnsigned), "Firewall mark."),
  ...serviceSettings,
});

export const service = eitherBy("fwmark", markService, addressService);

export const timeouts = object("the timeouts", {
  tcp: required(seconds, "TCP connections, seconds."),
  tcp_fin: required(seconds, "TCP connections after a FIN, seconds."),
  udp: required(seconds, "UDP, seconds."),
});

export const daemon = object("a sync daemon", {
  state: required(oneOf("master", "backup"), "Whether it tells other directors of connections or learns of them."),
  interface: required(interfaceName, "Interface of the multicast."),
  syncid: defaulted(integer(0, largestSyncId), 0, "Identifies the group of directors."),
  sync_maxlen: optional(integer(1, largestSyncMaxLength), "Longest sync message, bytes. Absent: after the MTU."),
  mcast_group: optional(address, "Multicast address. Absent: 224.0.0.81."),
  mcast_port: optional(integer(1, largestPort), "UDP port. Absent: 8848."),
  mcast_ttl: optional(integer(1, largestTtl), "Time to live. Absent: 1."),
});

export const header = object("the header", {
  schema: required(oneOf(1), "Version of this form. Another meaning of a field will have another version."),
  version: measured(anyText, "Version of the kernel's ip_vs."),
  conn_tab_size: measured(gauge, "Buckets of the connection table."),
  source: measured(oneOf("netlink", "proc"), "Where the answer comes from: generic netlink or /proc/net."),
  taken_at: measured(anyText, "When the answer was taken: UTC, RFC 3339 with milliseconds."),
});

const endpoint = object("an end of a connection", {
  address: measured(address, "IPv4 or IPv6 address, as text."),
  port: measured(port, "Port."),
});

export const connection = object("a connection", {
  family: measured(family, "Address family of the virtual service."),
  protocol: measured(anyText, "Protocol, in lower case: `tcp`, `udp`, `sctp`; `ip` for templates of firewall marks."),
  state: measured(anyText, "State, in lower case, such as `established`; `none` for templates."),
  expires: measured(gauge, "Seconds until it is forgotten, unless packets come."),
  client: measured(endpoint, "The client; port 0 in templates."),
  virtual: measured(endpoint, "The virtual service; in templates of a firewall mark the address is the mark."),
  destination: measured(endpoint, "The real server."),
  pe: measured(anyText, "Persistence engine of a template."),
  pe_data: measured(anyText, "What the persistence engine knows the client by."),
});

export const document = object("the document", {
  ipvs: required(header, "What the document is."),
  services: optional(
    listOf(service),
    "The virtual services, sorted by firewall mark (those without one first), family, protocol, address and port.",
  ),
  timeouts: optional(timeouts, "Timeouts of connections."),
  daemons: optional(listOf(daemon, 2), "The running sync daemons."),
  connections: measured(listOf(connection), "The connections, in the kernel's order."),
});

export type JsonService = ValueOf<typeof service>;
export type JsonDestination = ValueOf<typeof destination>;
export type JsonDaemon = ValueOf<typeof daemon>;
export type JsonConnection = ValueOf<typeof connection>;
export type JsonDocument = ValueOf<typeof document>;

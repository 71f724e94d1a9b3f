/**
 * The document: every field, declared once under its name in the model. What is printed, the check of what is read, the
 * JSON Schema, the events and the reference pages all derive from this.
 */
import { familyOf } from "../../model/identity.js";
import {
  largestInteger,
  largestPort,
  largestSyncId,
  largestSyncMaxLength,
  largestTtl,
  longestName,
} from "../../model/limits.js";
import type { Connection, Daemon, Timeouts } from "../../model/table.js";
import { integer, listOf, oneOf, text } from "./kinds.js";
import { defaulted, measured, object, optional, required } from "./objects.js";
import type { JsonObject } from "./parse-json.js";
import { addressText, entryKind, family, gauge, port, seconds } from "./service-kinds.js";

/** IP_VS_IFNAME_MAXLEN is 16. The kernel has no interface whose name holds blanks, control characters, / or :. */
const interfaceName = text("a name of an interface", longestName, /^[!-.0-9;-~\u{80}-\u{10ffff}]+$/u);
const anyText = text("text", 255);

export const timeoutsKind = object("the timeouts", {
  tcp: required(seconds, "TCP connections, seconds."),
  tcpFin: required(seconds, "TCP connections after a FIN, seconds."),
  udp: required(seconds, "UDP, seconds."),
} satisfies Record<keyof Timeouts, unknown>);

/** A setting that is 0 is the kernel's choice, and left out. */
export const daemonKind = object("a sync daemon", {
  state: required(oneOf("master", "backup"), "Whether it tells other directors of connections or learns of them."),
  interface: required(interfaceName, "Interface of the multicast."),
  syncId: defaulted(integer(0, largestSyncId), 0, "Identifies the group of directors.", { name: "syncid" }),
  syncMaxLength: optional(integer(1, largestSyncMaxLength), "Longest sync message, bytes. Absent: after the MTU.", {
    name: "sync_maxlen",
    from: ({ syncMaxLength }: Daemon) => syncMaxLength || undefined,
  }),
  multicastGroup: optional(addressText, "Multicast address. Absent: 224.0.0.81.", {
    name: "mcast_group",
    from: ({ multicastGroup }: Daemon) => multicastGroup || undefined,
  }),
  multicastPort: optional(integer(1, largestPort), "UDP port. Absent: 8848.", {
    name: "mcast_port",
    from: ({ multicastPort }: Daemon) => multicastPort || undefined,
  }),
  multicastTtl: optional(integer(1, largestTtl), "Time to live. Absent: 1.", {
    name: "mcast_ttl",
    from: ({ multicastTtl }: Daemon) => multicastTtl || undefined,
  }),
} satisfies Record<keyof Daemon, unknown>);

export const headerKind = object("the header", {
  schema: required(oneOf(1), "Version of this form. Another meaning of a field will have another version.", {
    from: (_: object) => 1 as const,
  }),
  version: measured(anyText, "Version of the kernel's ip_vs."),
  connectionTableSize: measured(gauge, "Buckets of the connection table.", {
    name: "conn_tab_size",
    metric: "gauge",
    unit: "buckets",
  }),
  source: measured(oneOf("netlink", "proc"), "Where the answer comes from: generic netlink or /proc/net."),
  takenAt: measured(anyText, "When the answer was taken: UTC, RFC 3339 with milliseconds."),
});

const endpointKind = object("an end of a connection", {
  address: measured(addressText, "IPv4 or IPv6 address, as text."),
  port: measured(port, "Port."),
});

export const connectionKind = object("a connection", {
  family: measured(family, "Address family of the virtual service.", {
    from: ({ virtual }: Connection) => familyOf(virtual.address),
  }),
  protocol: measured(anyText, "Protocol, in lower case: `tcp`, `udp`, `sctp`; `ip` for templates of firewall marks.", {
    from: ({ protocol }: Connection) => protocol.toLowerCase(),
  }),
  state: measured(anyText, "State, in lower case, such as `established`; `none` for templates.", {
    from: ({ state }: Connection) => state.toLowerCase(),
  }),
  expires: measured(gauge, "Seconds until it is forgotten, unless packets come.", {
    // A timer that has just run out shows as a negative number, cut to 32 bits.
    from: ({ expires }: Connection) => (expires > largestInteger ? 0 : expires),
  }),
  source: measured(endpointKind, "The client; port 0 in templates.", { name: "client" }),
  virtual: measured(endpointKind, "The virtual service; in templates of a firewall mark the address is the mark."),
  destination: measured(endpointKind, "The real server."),
  engine: measured(anyText, "Persistence engine of a template.", {
    name: "pe",
    from: ({ engine }: Connection) => engine?.name,
  }),
  engineData: measured(anyText, "What the persistence engine knows the client by.", {
    name: "pe_data",
    from: ({ engine }: Connection) => engine?.data,
  }),
} satisfies Record<keyof Connection | "family" | "engineData", unknown>);

export const documentKind = object("the document", {
  ipvs: required(headerKind, "What the document is."),
  services: optional(
    listOf(entryKind),
    "The virtual services, sorted by firewall mark (those without one first), family, protocol, address and port.",
  ),
  timeouts: optional(timeoutsKind, "Timeouts of connections."),
  daemons: optional(listOf(daemonKind, 2), "The running sync daemons."),
  connections: measured(listOf(connectionKind), "The connections, in the kernel's order."),
});

/** A document with these parts. */
export function documentOf(parts: JsonObject): JsonObject {
  return { ipvs: headerKind.write({}, false), ...parts };
}

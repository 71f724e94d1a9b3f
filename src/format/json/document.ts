/**
 * The document: every field, declared once under its name in the model. What is printed, the check of what is read, the
 * JSON Schema, the events and the reference pages all derive from this.
 */
import { largestPort, largestSyncId, largestSyncMaxLength, largestTtl, longestName } from "../../model/limits.js";
import type { Daemon, Timeouts } from "../../model/table.js";
import { connectionGroupKind, connectionKind } from "./connections/connection-kinds.js";
import { integer, listOf, oneOf, text } from "./kinds.js";
import { defaulted, measured, object, optional, required } from "./objects.js";
import type { JsonObject } from "./parse-json.js";
import { addressText, entryKind, gauge, seconds, statistics } from "./service-kinds.js";

/** IP_VS_IFNAME_MAXLEN is 16. The kernel has no interface whose name holds blanks, control characters, / or :. */
const interfaceName = text("a name of an interface", longestName, /^[!-.0-9;-~\u{80}-\u{10ffff}]+$/u);
const anyText = text("text", 255);

export const timeoutsKind = object("the timeouts", {
  tcp: required(seconds, "TCP connections, seconds."),
  tcpFin: required(seconds, "TCP connections after a FIN, seconds."),
  udp: required(seconds, "UDP, seconds."),
} satisfies Record<keyof Timeouts, unknown>);

export const totalsKind = object("the totals of the director", statistics);

/** A setting that is 0 is the kernel's choice, and left out. */
export const daemonKind = object("a sync daemon", {
  state: required(oneOf("master", "backup"), "Whether it sends connections to other directors or receives them."),
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

export const documentKind = object("the document", {
  ipvs: required(headerKind, "What the document is."),
  services: optional(
    listOf(entryKind),
    "The virtual services, sorted by firewall mark (those without one first), family, protocol, address and port.",
  ),
  totals: measured(totalsKind, "What all services together have counted, those that are gone too."),
  timeouts: optional(timeoutsKind, "Timeouts of connections."),
  daemons: optional(listOf(daemonKind, 2), "The running sync daemons."),
  connections: measured(listOf(connectionKind), "The connections, in the kernel's order."),
  count: measured(gauge, "The number of connections."),
  counts: measured(listOf(connectionGroupKind), "The numbers of connections by groups, largest first."),
});

/** A document with these parts. */
export function documentOf(parts: JsonObject): JsonObject {
  return { ipvs: headerKind.write({}, false), ...parts };
}

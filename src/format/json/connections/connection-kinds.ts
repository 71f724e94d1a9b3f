/** Connections and numbers of them, each field declared once: for documents and for events. */

import { familyOf } from "../../../model/identity.js";
import { largestUnsigned, longestPrefix } from "../../../model/limits.js";
import type { ConnectionGroup, GroupValues } from "../../../model/selection/connection-group.js";
import { markOf, secondsLeft, templateKindOf } from "../../../model/selection/connection-traits.js";
import { type Connection, connectionOrigins } from "../../../model/table.js";
import { integer, oneOf, text } from "../kinds.js";
import { measured, object } from "../objects.js";
import { addressText, family, gauge, port } from "../service-kinds.js";

/** A word of the kernel. */
export const anyWord = text("text", 255);
const origin = oneOf(...connectionOrigins);
const fwmark = integer(0, largestUnsigned);

const endpointKind = object("an end of a connection", {
  address: measured(addressText, "IPv4 or IPv6 address, as text."),
  port: measured(port, "Port."),
});

const protocolText = "Protocol, in lower case: `tcp`, `udp`, `sctp`; `ip` for templates of firewall marks.";
const stateText = "State, in lower case, such as `established`; `none` or `assured` for templates.";
const originText = "`own`, or `sync` where the sync daemon learned of it from another director.";

export const connectionKind = object("a connection", {
  family: measured(family, "Address family of the virtual service.", {
    from: ({ virtual }: Connection) => familyOf(virtual.address),
  }),
  protocol: measured(anyWord, protocolText, { from: ({ protocol }: Connection) => protocol.toLowerCase() }),
  state: measured(anyWord, stateText, { from: ({ state }: Connection) => state.toLowerCase() }),
  expires: measured(gauge, "Seconds until it is forgotten, unless packets come.", { from: secondsLeft }),
  source: measured(endpointKind, "The client; port 0 in templates.", { name: "client" }),
  virtual: measured(endpointKind, "The virtual service; in templates of a firewall mark the address is the mark."),
  fwmark: measured(fwmark, "The firewall mark, in templates of one.", {
    from: (connection: Connection) => markOf(connection)?.fwmark,
  }),
  destination: measured(endpointKind, "The real server."),
  origin: measured(origin, `${originText} Absent where it was not read.`),
  template: measured(
    oneOf("live", "dead"),
    "In persistence templates: `dead` was invalidated, has port 65535 twice, and waits for its end.",
    { from: templateKindOf },
  ),
  engine: measured(anyWord, "Persistence engine of a template.", {
    name: "pe",
    from: ({ engine }: Connection) => engine?.name,
  }),
  engineData: measured(anyWord, "What the persistence engine knows the client by.", {
    name: "pe_data",
    from: ({ engine }: Connection) => engine?.data,
  }),
} satisfies Record<keyof Connection | "family" | "fwmark" | "template" | "engineData", unknown>);

const networkKind = object("a network of clients", {
  address: measured(addressText, "The first address."),
  prefixLength: measured(integer(0, longestPrefix.inet6), "Bits that the addresses share.", { name: "prefixlen" }),
});

const seenServiceKind = object("a service of connections", {
  family: measured(family, "Address family, with a firewall mark."),
  fwmark: measured(fwmark, "The firewall mark, where that is what templates show."),
  protocol: measured(anyWord, protocolText, {
    from: (service: { readonly protocol?: string }) => service.protocol?.toLowerCase(),
  }),
  address: measured(addressText, "IPv4 or IPv6 address, as text."),
  port: measured(port, "Port."),
});

export const connectionGroupKind = object("a group of connections", {
  count: measured(gauge, "The number of connections."),
  client: measured(networkKind, "The clients.", { from: ({ values }: ConnectionGroup) => values.client }),
  virtual: measured(seenServiceKind, "Address and port of the virtual service, or the firewall mark.", {
    from: ({ values }: ConnectionGroup) => values.virtual,
  }),
  server: measured(endpointKind, "The real server.", {
    name: "destination",
    from: ({ values }: ConnectionGroup) => values.server,
  }),
  service: measured(seenServiceKind, "The virtual service.", {
    from: ({ values }: ConnectionGroup) => values.service,
  }),
  state: measured(anyWord, stateText, { from: ({ values }: ConnectionGroup) => values.state?.toLowerCase() }),
  protocol: measured(anyWord, protocolText, { from: ({ values }: ConnectionGroup) => values.protocol?.toLowerCase() }),
  origin: measured(origin, originText, { from: ({ values }: ConnectionGroup) => values.origin }),
} satisfies Record<keyof GroupValues | "count", unknown>);

import { parseAddress } from "../model/address.js";
import type { Family } from "../model/table.js";
import { AttributeSet } from "../netlink/codec/attribute-set.js";
import { bytes, u8, u32 } from "../netlink/codec/coders.js";
import type { Message } from "../netlink/codec/message.js";
import { Struct } from "../netlink/codec/struct.js";
import * as kernel from "./constants.js";
import { decodeAddress, numberOfFamily, readAttributes } from "./payload.js";

const routeTypes = {
  [kernel.RTN_UNICAST]: "unicast",
  [kernel.RTN_LOCAL]: "local",
  [kernel.RTN_BROADCAST]: "broadcast",
  [kernel.RTN_ANYCAST]: "anycast",
  [kernel.RTN_MULTICAST]: "multicast",
  [kernel.RTN_BLACKHOLE]: "blackhole",
  [kernel.RTN_UNREACHABLE]: "unreachable",
  [kernel.RTN_PROHIBIT]: "prohibit",
} as const;

/** What becomes of a packet to an address. */
export type RouteType = (typeof routeTypes)[keyof typeof routeTypes] | "other";

/** The route that the kernel chooses for its own packets to an address. */
export interface Route {
  readonly type: RouteType;
  /** Index of the interface by which packets leave. */
  readonly interface?: number;
  /** The next router, in canonical text. Absent where the address is on the network of the interface. */
  readonly gateway?: string;
  /** The source address of the kernel's own packets on this route, in canonical text. */
  readonly source?: string;
  /** The MTU of the route itself; without one, the interface's counts. */
  readonly mtu?: number;
  /** The largest TCP segment that the route lets peers send. */
  readonly advmss?: number;
}

/** struct rtmsg. */
const routeHeader = new Struct({
  family: [1, u8],
  destinationLength: [1, u8],
  sourceLength: [1, u8],
  tos: [1, u8],
  table: [1, u8],
  protocol: [1, u8],
  scope: [1, u8],
  type: [1, u8],
  flags: [4, u32],
});

const routeAddress = bytes(4, 16);
/** struct rtvia: a family of 16 bits and an address, of the other family than the route's. */
const viaAddress = bytes(6, 18);
const routeAttributes = new AttributeSet({
  destination: [kernel.RTA_DST, routeAddress],
  interface: [kernel.RTA_OIF, u32],
  gateway: [kernel.RTA_GATEWAY, routeAddress],
  via: [kernel.RTA_VIA, viaAddress],
  source: [kernel.RTA_PREFSRC, routeAddress],
  metrics: [kernel.RTA_METRICS, new AttributeSet({ mtu: [kernel.RTAX_MTU, u32], advmss: [kernel.RTAX_ADVMSS, u32] })],
});

/** The query for the route to an address. Throws a RangeError for an address of another family. */
export function encodeRouteQuery(family: Family, address: string): Uint8Array {
  const destination = parseAddress(family, address);
  const header = routeHeader.encode({ family: numberOfFamily[family], destinationLength: 8 * destination.length });
  const payload = new Uint8Array(64);
  payload.set(header);
  const end = routeAttributes.write(new DataView(payload.buffer), header.length, { destination });
  return payload.subarray(0, end);
}

export function decodeRoute(family: Family, { payload }: Pick<Message, "payload">): Route {
  const { type } = routeHeader.decode(payload);
  const {
    interface: index,
    gateway,
    via,
    source,
    metrics,
  } = readAttributes(routeAttributes, payload, routeHeader.length);
  const router = gateway ? decodeAddress(family, gateway) : via && decodeAddress(otherFamily[family], via.slice(2));
  return {
    type: (routeTypes as Readonly<Record<number, RouteType>>)[type] ?? "other",
    ...(index === undefined ? {} : { interface: index }),
    ...(router === undefined ? {} : { gateway: router }),
    ...(source === undefined ? {} : { source: decodeAddress(family, source) }),
    ...(metrics?.mtu === undefined ? {} : { mtu: metrics.mtu }),
    ...(metrics?.advmss === undefined ? {} : { advmss: metrics.advmss }),
  };
}

const otherFamily: Readonly<Record<Family, Family>> = { inet: "inet6", inet6: "inet" };

import type { Family } from "../model/table.js";
import { AttributeSet } from "../netlink/codec/attribute-set.js";
import { bytes, i32, u8, u16 } from "../netlink/codec/coders.js";
import type { Message } from "../netlink/codec/message.js";
import { Struct } from "../netlink/codec/struct.js";
import * as kernel from "./constants.js";
import { decodeAddress, familyOfNumber, readAttributes } from "./payload.js";

/** A host whose MAC address the kernel asked for. */
export interface Neighbor {
  readonly family: Family;
  /** In canonical text. */
  readonly address: string;
  /** Index of the interface. */
  readonly interface: number;
  /** NUD_* of linux/neighbour.h. */
  readonly state: number;
}

/** struct ndmsg. */
export const neighborHeader = new Struct({
  family: [1, u8],
  padding1: [1, u8],
  padding2: [2, u16],
  index: [4, i32],
  state: [2, u16],
  flags: [1, u8],
  type: [1, u8],
});

const neighborAttributes = new AttributeSet({ address: [kernel.NDA_DST, bytes(4, 16)] });

/** Undefined for one that is neither IPv4 nor IPv6, or has no address. */
export function decodeNeighbor({ payload }: Pick<Message, "payload">): Neighbor | undefined {
  const { family: number, index, state } = neighborHeader.decode(payload);
  const family = familyOfNumber.get(number);
  if (family === undefined) return undefined;
  const { address } = readAttributes(neighborAttributes, payload, neighborHeader.length);
  return address && { family, address: decodeAddress(family, address), interface: index, state };
}

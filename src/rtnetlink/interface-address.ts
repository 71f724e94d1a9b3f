import type { Family } from "../model/table.js";
import { AttributeSet, expectAttribute } from "../netlink/codec/attribute-set.js";
import { bytes, u8, u32 } from "../netlink/codec/coders.js";
import type { Message } from "../netlink/codec/message.js";
import { Struct } from "../netlink/codec/struct.js";
import * as kernel from "./constants.js";
import { decodeAddress, familyOfNumber, readAttributes } from "./payload.js";

/** An address of a network interface. */
export interface InterfaceAddress {
  readonly family: Family;
  /** In canonical text. */
  readonly address: string;
  readonly prefixLength: number;
  /** Index of the interface. */
  readonly interface: number;
  /** RT_SCOPE_*: 0 is global, 253 the link, 254 this host. */
  readonly scope: number;
}

/** struct ifaddrmsg. */
export const addressHeader = new Struct({
  family: [1, u8],
  prefixLength: [1, u8],
  flags: [1, u8],
  scope: [1, u8],
  index: [4, u32],
});

const addressBytes = bytes(4, 16);
const addressAttributes = new AttributeSet({
  address: [kernel.IFA_ADDRESS, addressBytes],
  local: [kernel.IFA_LOCAL, addressBytes],
});

/** Undefined for an address that is neither IPv4 nor IPv6. */
export function decodeInterfaceAddress({ payload }: Pick<Message, "payload">): InterfaceAddress | undefined {
  const header = addressHeader.decode(payload);
  const family = familyOfNumber.get(header.family);
  if (family === undefined) return undefined;
  const { address, local } = readAttributes(addressAttributes, payload, addressHeader.length);
  return {
    family,
    // On a point-to-point interface the other attribute is the peer's address.
    address: decodeAddress(family, expectAttribute(local ?? address, "address")),
    prefixLength: header.prefixLength,
    interface: header.index,
    scope: header.scope,
  };
}

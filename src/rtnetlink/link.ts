import { AttributeSet, expectAttribute } from "../netlink/codec/attribute-set.js";
import { i32, string, u8, u16, u32 } from "../netlink/codec/coders.js";
import type { Message } from "../netlink/codec/message.js";
import { Struct } from "../netlink/codec/struct.js";
import * as kernel from "./constants.js";
import { readAttributes } from "./payload.js";

/** A network interface. */
export interface Link {
  readonly index: number;
  /** A byte string. */
  readonly name: string;
  /** IFF_UP and others of linux/if.h. */
  readonly flags: number;
  readonly mtu: number;
  /** What made it, such as `dummy` or `ipip`. Absent from hardware and the loopback interface. */
  readonly kind?: string;
}

/** struct ifinfomsg. */
export const linkHeader = new Struct({
  family: [1, u8],
  padding: [1, u8],
  type: [2, u16],
  index: [4, i32],
  flags: [4, u32],
  change: [4, u32],
});

const linkAttributes = new AttributeSet({
  name: [kernel.IFLA_IFNAME, string],
  mtu: [kernel.IFLA_MTU, u32],
  info: [kernel.IFLA_LINKINFO, new AttributeSet({ kind: [kernel.IFLA_INFO_KIND, string] })],
});

export function decodeLink({ payload }: Pick<Message, "payload">): Link {
  const { index, flags } = linkHeader.decode(payload);
  const { name, mtu, info } = readAttributes(linkAttributes, payload, linkHeader.length);
  return {
    index,
    name: expectAttribute(name, "interface name"),
    flags,
    mtu: expectAttribute(mtu, "MTU"),
    ...(info?.kind === undefined ? {} : { kind: info.kind }),
  };
}

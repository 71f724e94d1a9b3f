import type { Family } from "../model/table.js";
import { AttributeSet } from "../netlink/codec/attribute-set.js";
import { u8, u32 } from "../netlink/codec/coders.js";
import type { Message } from "../netlink/codec/message.js";
import { Struct } from "../netlink/codec/struct.js";
import * as kernel from "./constants.js";
import { familyOfNumber, readAttributes } from "./payload.js";

/** A rule that chooses a routing table. */
export interface Rule {
  readonly family: Family;
  /** The firewall mark that packets must have, if any. */
  readonly fwmark?: number;
}

/** struct fib_rule_hdr. */
export const ruleHeader = new Struct({
  family: [1, u8],
  destinationLength: [1, u8],
  sourceLength: [1, u8],
  tos: [1, u8],
  table: [1, u8],
  reserved1: [1, u8],
  reserved2: [1, u8],
  action: [1, u8],
  flags: [4, u32],
});

const ruleAttributes = new AttributeSet({ fwmark: [kernel.FRA_FWMARK, u32] });

/** Undefined for a rule that is neither for IPv4 nor for IPv6. */
export function decodeRule({ payload }: Pick<Message, "payload">): Rule | undefined {
  const family = familyOfNumber.get(ruleHeader.decode(payload).family);
  if (family === undefined) return undefined;
  const { fwmark } = readAttributes(ruleAttributes, payload, ruleHeader.length);
  return { family, ...(fwmark === undefined ? {} : { fwmark }) };
}

import type { AttributeSet, Declaration, Values } from "../netlink/codec/attribute-set.js";
import { malformed } from "../netlink/codec/netlink-error.js";

/** The attributes that follow the header of a payload. */
export function readAttributes<D extends Declaration>(
  set: AttributeSet<D>,
  payload: DataView,
  headerLength: number,
): Values<D> {
  return set.read(payload, headerLength, payload.byteLength - headerLength);
}

/** The value of an attribute that the kernel always sends. Throws a NetlinkError EBADMSG where it is missing. */
export function expectValue<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw malformed(`no ${name}`);
  return value;
}

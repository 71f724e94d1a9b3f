import type { Family } from "../model/table.js";
import type { AttributeSet, Declaration, Values } from "../netlink/codec/attribute-set.js";
import { malformed } from "../netlink/codec/netlink-error.js";
import { AF_INET, AF_INET6 } from "../platform/address-family.js";

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

/** The families whose addresses are read, by the kernel's number. */
export const familyOfNumber: ReadonlyMap<number, Family> = new Map([
  [AF_INET, "inet"],
  [AF_INET6, "inet6"],
]);

/** The kernel's number of a family. */
export const numberOfFamily: Readonly<Record<Family, number>> = { inet: AF_INET, inet6: AF_INET6 };

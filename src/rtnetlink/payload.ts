import { formatAddress } from "../model/address.js";
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

/** The families of IP, by the kernel's number. */
export const familyOfNumber: ReadonlyMap<number, Family> = new Map([
  [AF_INET, "inet"],
  [AF_INET6, "inet6"],
]);

/** The kernel's number of a family. */
export const numberOfFamily: Readonly<Record<Family, number>> = { inet: AF_INET, inet6: AF_INET6 };

/** An address in canonical text. Throws a NetlinkError EBADMSG where there are too few bytes for the family. */
export function decodeAddress(family: Family, bytes: Uint8Array): string {
  if (family === "inet6" && bytes.length < 16) throw malformed(`an IPv6 address of ${bytes.length} bytes`);
  return formatAddress(family, bytes);
}

import { formatAddress } from "../../model/address.js";
import type { Family } from "../../model/table.js";
import { malformed } from "../../netlink/codec/netlink-error.js";

/** Throws a RangeError where the address does not have the family that it is sent with. */
export function checkFamily({ family, address }: { readonly family: Family; readonly address: string }): void {
  if (address.includes(":") !== (family === "inet6")) throw new RangeError(`not an ${family} address: ${address}`);
}

/** Canonical text. Throws a NetlinkError EBADMSG where there are too few bytes for the family. */
export function fromAddress(family: Family, bytes: Uint8Array): string {
  if (family === "inet6" && bytes.length < 16) throw malformed(`an IPv6 address of ${bytes.length} bytes`);
  return formatAddress(family, bytes);
}

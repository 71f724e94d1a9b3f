import { malformed } from "../../netlink/codec/netlink-error.js";

/** The value of an attribute that the kernel always sends. Throws a NetlinkError EBADMSG where it is missing. */
export function expectAttribute<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw malformed(`no ${name}`);
  return value;
}

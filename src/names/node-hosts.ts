/** Hosts on Node: getaddrinfo(3) and getnameinfo(3) of libc, by Node's own module. */
import { lookup, lookupService } from "node:dns/promises";
import type { HostNames } from "./resolver.js";

/**
 * What gethostbyname(3) refuses without a look-up, unlike getaddrinfo(3): digits and dots that are no IPv4 address, unless
 * a dot ends them, and text that begins as an IPv6 address does.
 */
const refused = /^\d(?:[\d.]*\d)?$|^(?:[\da-f].*)?:/is;

/** Names that Node does not hand to libc: it looks up the IDNA form of those beyond ASCII, and warns of the empty one. */
const changed = /[\x80-\xff]|^$/;

export const nodeHosts: HostNames = {
  hostAddress: async (name) =>
    refused.test(name) || changed.test(name)
      ? undefined
      : lookup(name, { family: 4 }).then(
          ({ address }) => address,
          () => undefined,
        ),
  hostName: async (address) =>
    lookupService(address, 0).then(
      ({ hostname }) => hostname,
      () => undefined,
    ),
};

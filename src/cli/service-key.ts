import { largestUnsigned } from "../model/limits.js";
import type { AddressServiceKey, Family, MarkServiceKey, Protocol, ServiceKey } from "../model/table.js";
import type { NameResolver } from "../names/resolver.js";
import { parseNumber } from "./c-numbers.js";
import { parseEndpoint } from "./endpoints.js";
import { UsageError } from "./usage-error.js";

/** How a command line names a virtual service: `-t HOST:PORT`, `-f MARK -6` and the like. */
export type ServiceSelector =
  | { readonly protocol: Protocol; readonly endpoint: string }
  | { readonly fwmark: string; readonly family: Family };

/** The service that a selector means, in the words and with the faults of ipvsadm. Rejects with a UsageError. */
export async function parseServiceKey(selector: ServiceSelector, resolver: NameResolver): Promise<ServiceKey> {
  return "fwmark" in selector
    ? parseMarkService(selector.fwmark, selector.family)
    : parseAddressService(selector.endpoint, selector.protocol, resolver);
}

/** A service of `host[:port]`; without a port it has port 0. Rejects with a UsageError. */
export async function parseAddressService(
  endpoint: string,
  protocol: Protocol,
  resolver: NameResolver,
): Promise<AddressServiceKey> {
  const parsed = await parseEndpoint(endpoint, protocol, resolver);
  if (parsed === undefined) throw new UsageError("illegal virtual server address[:port] specified");
  const { family, address, port = 0 } = parsed;
  return { family, protocol, address, port };
}

/** A service of a firewall mark from 1 to 2^32 - 1. Throws a UsageError. */
export function parseMarkService(text: string, family: Family = "inet"): MarkServiceKey {
  const fwmark = parseNumber(text, 1, largestUnsigned);
  if (fwmark === undefined) throw new UsageError(`invalid fwmark value \`${text}' specified`);
  return { family, fwmark };
}

import { longestPrefix } from "../model/limits.js";
import { type AddressRange, parseAddressRange } from "../model/selection/address-range.js";
import type { NameResolver } from "../names/resolver.js";
import { parseEndpoint } from "./endpoints.js";
import { UsageError } from "./usage-error.js";

/**
 * The range that the value `text` of an option means: `--server 10.0.0.0/8:80`. Messages show `option`, which has its
 * dashes. Throws a UsageError.
 */
export function parseRangeOption(option: string, text: string): AddressRange {
  const range = parseAddressRange(text);
  if (range !== undefined) return range;
  throw new UsageError(
    `${option} takes ADDRESS[/LENGTH][:PORT], not ${JSON.stringify(text)}\n` +
      "An IPv6 address with a port stands in brackets: [2001:db8::1]:80",
  );
}

/** The same where the text may have a host name in place of the address: `web1`, `web1:80`. Rejects with a UsageError. */
export async function resolveRangeOption(option: string, text: string, resolver: NameResolver): Promise<AddressRange> {
  const isName = /^(?=.*[a-z])[\w.-]+(:\d+)?$/i.test(text);
  const endpoint = isName ? await parseEndpoint(text, undefined, resolver) : undefined;
  if (endpoint === undefined) return parseRangeOption(option, text);
  return { ...endpoint, prefixLength: longestPrefix[endpoint.family] };
}

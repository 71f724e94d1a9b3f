import { formatAddress, parseAddress } from "../address.js";
import { familyOf } from "../identity.js";
import { largestPort, longestPrefix } from "../limits.js";
import type { Family } from "../table.js";

/** The addresses that begin with the same bits, with one port or with any. */
export interface AddressRange {
  readonly family: Family;
  /** The first address, canonical text. */
  readonly address: string;
  /** Bits that all addresses share: 32 or 128 for one address. */
  readonly prefixLength: number;
  /** Undefined means any port. */
  readonly port: number | undefined;
}

const rangePatterns = [
  // 10.0.0.1, 10.0.0.0/8, 10.0.0.1:80, 10.0.0.0/8:80
  /^(?<address>[^[\]/:]*)(?:\/(?<length>\d+))?(?::(?<port>\d+))?$/,
  // [2001:db8::1]:80, [2001:db8::]/32:80, and the same without a port
  /^\[(?<address>[^[\]/]*:[^[\]/]*)\](?:\/(?<length>\d+))?(?::(?<port>\d+))?$/,
  // 2001:db8::1, 2001:db8::/32, 2001:db8::/32:80
  /^(?<address>[^[\]/]*:[^[\]/]*)(?:\/(?<length>\d+)(?::(?<port>\d+))?)?$/,
];

/**
 * `ADDRESS[/LENGTH][:PORT]` as a range; undefined where the text is something else, a name included. An IPv6 address that
 * has a port but no length stands in brackets. Bits after the first LENGTH are ignored.
 */
export function parseAddressRange(text: string): AddressRange | undefined {
  for (const pattern of rangePatterns) {
    const { address, length, port } = pattern.exec(text)?.groups ?? {};
    const range = address === undefined ? undefined : toRange(address, length, port);
    if (range !== undefined) return range;
  }
  return undefined;
}

function toRange(text: string, lengthText?: string, portText?: string): AddressRange | undefined {
  const family = familyOf(text);
  const prefixLength = lengthText === undefined ? longestPrefix[family] : Number(lengthText);
  const port = portText === undefined ? undefined : Number(portText);
  if (prefixLength > longestPrefix[family] || (port !== undefined && port > largestPort)) return undefined;
  try {
    const bytes = maskBytes(parseAddress(family, text), prefixLength);
    return { family, address: formatAddress(family, bytes), prefixLength, port };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The bytes of an address with every bit after the first `prefixLength` cleared. */
export function maskBytes(bytes: Uint8Array, prefixLength: number): Uint8Array {
  return bytes.map((byte, index) => {
    const kept = Math.min(8, Math.max(0, prefixLength - 8 * index));
    return byte & (0xff00 >> kept);
  });
}

/** Whether an address in canonical text and a port are in the range. */
export function isInRange(
  range: AddressRange,
  { address, port }: { readonly address: string; readonly port: number },
): boolean {
  if (range.port !== undefined && range.port !== port) return false;
  const { family, prefixLength } = range;
  if (familyOf(address) !== family) return false;
  if (prefixLength === longestPrefix[family]) return address === range.address;
  return formatAddress(family, maskBytes(parseAddress(family, address), prefixLength)) === range.address;
}

/** The range as text that `parseAddressRange` reads: `10.0.0.0/8:80`, `[2001:db8::1]:80`, `2001:db8::/32`. */
export function formatAddressRange({ family, address, prefixLength, port }: AddressRange): string {
  const host = family === "inet6" && port !== undefined ? `[${address}]` : address;
  const length = prefixLength === longestPrefix[family] ? "" : `/${prefixLength}`;
  return `${host}${length}${port === undefined ? "" : `:${port}`}`;
}

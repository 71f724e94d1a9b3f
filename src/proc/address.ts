import { formatAddress } from "../ipvs/address.js";

/** The values of hexadecimal digits by character code; 255 for every other character. */
const DIGITS = Uint8Array.from({ length: 256 }, (_, code) => {
  const value = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(value) ? 255 : value;
});

const OCTETS = Array.from({ length: 256 }, (_, octet) => octet.toString());

/**
 * An address as /proc writes it, `0A000001` or `2001:0db8:0000:0000:0000:0000:0000:0001`, as canonical text;
 * undefined where it is neither.
 */
export function parseProcAddress(hex: string): string | undefined {
  if (hex.length === 8) return parseIpv4(hex);
  if (!/^([0-9a-f]{4}:){7}[0-9a-f]{4}$/.test(hex)) return undefined;
  return formatAddress("inet6", Buffer.from(hex.replaceAll(":", ""), "hex"));
}

function parseIpv4(hex: string): string | undefined {
  const a = parseOctet(hex, 0);
  const b = parseOctet(hex, 2);
  const c = parseOctet(hex, 4);
  const d = parseOctet(hex, 6);
  return a > 255 || b > 255 || c > 255 || d > 255 ? undefined : `${OCTETS[a]}.${OCTETS[b]}.${OCTETS[c]}.${OCTETS[d]}`;
}

/** A port as /proc writes it: four hexadecimal digits; undefined where it is none. */
export function parseProcPort(hex: string): number | undefined {
  const high = parseOctet(hex, 0);
  const low = parseOctet(hex, 2);
  return hex.length !== 4 || high > 255 || low > 255 ? undefined : high * 256 + low;
}

/** The two digits at `index` as a number; above 255 where they are no digits. */
function parseOctet(hex: string, index: number): number {
  const high = DIGITS[hex.charCodeAt(index)] ?? 255;
  const low = DIGITS[hex.charCodeAt(index + 1)] ?? 255;
  return high === 255 || low === 255 ? 256 : high * 16 + low;
}

import { formatAddress, parseAddress } from "../model/address.js";
import type { Family } from "../model/table.js";

/**
 * An address as /proc writes it, `0A000001` or `2001:0db8:0000:0000:0000:0000:0000:0001`, as canonical text;
 * undefined where it is neither.
 */
export function parseProcAddress(hex: string): string | undefined {
  if (hex.length === 8) return parseHexIpv4(hex);
  if (!/^([0-9a-f]{4}:){7}[0-9a-f]{4}$/.test(hex)) return undefined;
  return formatAddress("inet6", decodeHex(hex.replaceAll(":", "")));
}

/** An address as the table in /proc writes it: `0A000001` or `[2001:0db8:0000:0000:0000:0000:0000:0001]`. */
export function formatProcAddress(family: Family, address: string): string {
  if (family === "inet") return formatIpv4Hex(address) ?? encodeHex(parseAddress(family, address)).toUpperCase();
  return `[${encodeHex(parseAddress(family, address)).match(/.{4}/g)?.join(":")}]`;
}

/** Octets in decimal digits, and in hexadecimal ones as /proc writes them. Made when the first address comes. */
let hexOctets: ReadonlyMap<string | undefined, string> | undefined;

/** Undefined where it is not written as usual. */
function formatIpv4Hex(address: string): string | undefined {
  hexOctets ??= new Map(
    Array.from({ length: 256 }, (_, octet) => [String(octet), octet.toString(16).toUpperCase().padStart(2, "0")]),
  );
  const octets = address.split(".");
  const [first, second] = [hexOctets.get(octets[0]), hexOctets.get(octets[1])];
  const [third, fourth] = [hexOctets.get(octets[2]), hexOctets.get(octets[3])];
  return first && second && third && fourth && octets.length === 4 ? first + second + third + fourth : undefined;
}

function encodeHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The bytes of an even number of hexadecimal digits. */
function decodeHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, index) => parseOctet(hex, 2 * index));
}

function parseHexIpv4(hex: string): string | undefined {
  const a = parseOctet(hex, 0);
  const b = parseOctet(hex, 2);
  const c = parseOctet(hex, 4);
  const d = parseOctet(hex, 6);
  return a > 255 || b > 255 || c > 255 || d > 255 ? undefined : `${a}.${b}.${c}.${d}`;
}

/** A port as /proc writes it: four hexadecimal digits; undefined where it is none. */
export function parseProcPort(hex: string): number | undefined {
  const high = parseOctet(hex, 0);
  const low = parseOctet(hex, 2);
  return hex.length !== 4 || high > 255 || low > 255 ? undefined : high * 256 + low;
}

/** The two digits at `index` as a number; above 255 where they are no digits. */
function parseOctet(hex: string, index: number): number {
  const high = parseDigit(hex.charCodeAt(index));
  const low = parseDigit(hex.charCodeAt(index + 1));
  return high > 15 || low > 15 ? 256 : high * 16 + low;
}

/** The value of a hexadecimal digit's character code; above 15 for every other. */
function parseDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  if (code >= 0x41 && code <= 0x46) return code - 0x37;
  if (code >= 0x61 && code <= 0x66) return code - 0x57;
  return 16;
}

import type { Family } from "./table.js";

/** Bytes of an address of the family. */
const addressLengths: Readonly<Record<Family, number>> = { inet: 4, inet6: 16 };

/** The first 4 or 16 of the bytes as canonical text, as glibc's inet_ntop spells it. */
export function formatAddress(family: Family, bytes: Uint8Array): string {
  if (bytes.length < addressLengths[family]) throw new RangeError(`not an ${family} address: ${bytes.length} bytes`);
  return family === "inet" ? formatIpv4(bytes, 0) : formatIpv6(bytes);
}

function formatIpv4(bytes: Uint8Array, offset: number): string {
  return `${bytes[offset]}.${bytes[offset + 1]}.${bytes[offset + 2]}.${bytes[offset + 3]}`;
}

function formatIpv6(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, index) => ((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0));
  const { start, length } = longestZeroRun(groups);
  // IPv4-compatible (::1.2.3.4) and IPv4-mapped (::ffff:1.2.3.4) addresses.
  const embedsIpv4 = start === 0 && (length === 6 || (length === 5 && groups[5] === 0xffff));
  const texts = groups.map((group) => group.toString(16));
  if (embedsIpv4) texts.splice(6, 2, formatIpv4(bytes, 12));
  if (length < 2) return texts.join(":");
  return `${texts.slice(0, start).join(":")}::${texts.slice(start + length).join(":")}`;
}

/** The first of the longest runs of zeros. */
function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  return best;
}

/** The 4 or 16 bytes of an address in text, as inet_pton reads it. Throws a RangeError. */
export function parseAddress(family: Family, text: string): Uint8Array {
  const bytes = family === "inet" ? parseIpv4Bytes(text) : parseIpv6Bytes(text);
  if (bytes === undefined) throw new RangeError(`not an ${family} address: ${text}`);
  return bytes;
}

/** A dot, as a digit. */
const dotAsDigit = ".".charCodeAt(0) - 48;

/**
 * The 32 bits of an IPv4 address in text, as inet_pton reads it; undefined for any other text. It is a loop because
 * restoring a table spends its time here: splitting and regular expressions cost several times more.
 */
export function parseIpv4Number(text: string): number | undefined {
  let address = 0;
  let dots = 0;
  let byte = -1;
  for (let index = 0; index < text.length; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (digit >= 0 && digit <= 9 && byte !== 0) {
      byte = byte < 0 ? digit : byte * 10 + digit;
      if (byte > 255) return undefined;
    } else if (digit === dotAsDigit && byte >= 0 && dots < 3) {
      address = (address << 8) | byte;
      dots++;
      byte = -1;
    } else return undefined;
  }
  return byte >= 0 && dots === 3 ? ((address << 8) | byte) >>> 0 : undefined;
}

function parseIpv4Bytes(text: string): Uint8Array | undefined {
  const address = parseIpv4Number(text);
  if (address === undefined) return undefined;
  const bytes = new Uint8Array(4);
  for (let index = 0; index < 4; index++) bytes[index] = address >>> (24 - 8 * index);
  return bytes;
}

function parseIpv6Bytes(text: string): Uint8Array | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = [parseGroups(halves[0] ?? "", halves.length === 1), parseGroups(halves[1] ?? "", true)];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 16 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined;
  const bytes = new Uint8Array(16);
  bytes.set(head);
  bytes.set(tail, 16 - tail.length);
  return bytes;
}

/** The bytes of groups between colons; the last one may be an IPv4 address. */
function parseGroups(text: string, mayEndInIpv4: boolean): number[] | undefined {
  if (text === "") return [];
  const bytes: number[] = [];
  const groups = text.split(":");
  for (const [index, group] of groups.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(group)) {
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 0xff);
      continue;
    }
    const ipv4 = parseIpv4Bytes(group);
    if (ipv4 === undefined || !mayEndInIpv4 || index < groups.length - 1) return undefined;
    bytes.push(...ipv4);
  }
  return bytes;
}

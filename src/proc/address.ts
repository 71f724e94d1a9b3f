import { formatAddress } from "../ipvs/address.js";

/** Addresses that are remembered: clients come in any number, virtual and real servers again and again. */
const REMEMBERED = 65_536;

const texts = new Map<string, string>();

/**
 * An address as /proc writes it, `0A000001` or `2001:0db8:0000:0000:0000:0000:0000:0001`, as canonical text;
 * undefined where it is neither.
 */
export function parseProcAddress(hex: string): string | undefined {
  const known = texts.get(hex);
  if (known !== undefined) return known;
  const text = toText(hex);
  if (text !== undefined) {
    if (texts.size >= REMEMBERED) texts.clear();
    texts.set(hex, text);
  }
  return text;
}

function toText(hex: string): string | undefined {
  if (/^[0-9A-F]{8}$/i.test(hex)) return formatAddress("inet", Buffer.from(hex, "hex"));
  if (/^([0-9a-f]{4}:){7}[0-9a-f]{4}$/i.test(hex)) {
    return formatAddress("inet6", Buffer.from(hex.replaceAll(":", ""), "hex"));
  }
  return undefined;
}

/** A port as /proc writes it: four hexadecimal digits; undefined where it is none. */
export function parseProcPort(hex: string): number | undefined {
  return /^[0-9A-F]{4}$/i.test(hex) ? Number.parseInt(hex, 16) : undefined;
}

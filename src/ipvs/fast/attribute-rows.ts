/** What the shortcuts for dumps have in common: a message is numbers of 32 bits, whose places are known. */
import type { Protocol, ServiceKey } from "../../model/table.js";
import type { Sought, Words } from "../../netlink/codec/fast/places.js";
import type { Rows } from "../../netlink/codec/fast/rows.js";
import { AF_INET, AF_INET6 } from "../../platform/address-family.js";
import { protocol } from "../wire/attributes.js";
import { fromAddress } from "../wire/convert-address.js";

export const addressLength = 16;

/** The attributes of the two kinds of service keys, and the bytes of each. */
export const addressKeyAttributes = { family: 2, protocol: 2, address: addressLength, port: 2 };
export const markKeyAttributes = { family: 2, fwmark: 4 };

export function soughtWithin(within: "service" | "destination", names: Readonly<Record<string, number>>): Sought[] {
  return Object.entries(names).map(([name, length]) => ({ path: [within, name], length }));
}

/** Bytes of the header that generic netlink puts before the attributes. */
const genericHeader = 4;

/** The messages of a dump, until one cannot be taken. */
export abstract class AttributeRows implements Rows {
  protected missed = false;

  take(words: Words, start: number, length: number): void {
    if (!this.missed && !this.takeAttributes(words, start + genericHeader / 4, length - genericHeader)) this.miss();
  }

  miss(): void {
    this.missed = true;
  }

  restart(): void {
    this.missed = false;
  }

  /** Returns false where it cannot take them. */
  protected abstract takeAttributes(words: Words, start: number, length: number): boolean;
}

/** The key in a message that has the values of markKeyAttributes at the places. */
export function toMarkKey(words: Words, start: number, places: readonly number[]): ServiceKey | undefined {
  const family = familyAt(words, start, places[0]);
  const fwmark = words[start + (places[1] as number)];
  return family && fwmark ? { family, fwmark } : undefined;
}

/** The key in a message that has the values of addressKeyAttributes at the places. */
export function toAddressKey(words: Words, start: number, places: readonly number[]): ServiceKey | undefined {
  const family = familyAt(words, start, places[0]);
  const named: Protocol | undefined = protocol.nameOf(shortAt(words, start, places[1]));
  if (family === undefined || named === undefined) return undefined;
  const address = start + (places[2] as number);
  const port = bigEndianShort(words[start + (places[3] as number)] as number);
  const bytes = new Uint8Array(words.buffer, words.byteOffset + 4 * address, addressLength);
  return { family, protocol: named, address: fromAddress(family, bytes), port };
}

function familyAt(words: Words, start: number, place: number | undefined): "inet" | "inet6" | undefined {
  const number = shortAt(words, start, place);
  return number === AF_INET ? "inet" : number === AF_INET6 ? "inet6" : undefined;
}

export function shortAt(words: Words, start: number, place = 0): number {
  return (words[start + place] as number) & 0xffff;
}

export function bigEndianShort(word: number): number {
  return ((word & 0xff) << 8) | ((word >>> 8) & 0xff);
}

export function bigEndian(word: number): number {
  return ((word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;
}

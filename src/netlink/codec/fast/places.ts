/** A shortcut for `AttributeSet.read`: in the messages of a dump, which are nearly all alike, values stand in the same places. */
import { align } from "../align.js";
import { type Attribute, AttributeSet, type Declaration, NLA_HEADER_LENGTH, NLA_TYPE_MASK } from "../attribute-set.js";
import { type Coder, HOST_LITTLE_ENDIAN } from "../coders.js";

/** A value that is looked for. */
export interface Sought {
  /** The names of the attributes from the outermost down to its own. */
  readonly path: readonly string[];
  /** Bytes; undefined means any number. */
  readonly length?: number;
}

/** A datagram as numbers of 32 bits, in the host's byte order. */
export type Words = Uint32Array;

/** The datagram as words; undefined where it is not aligned, or the host is big-endian. */
export function asWords({ buffer, byteOffset, byteLength }: Uint8Array): Words | undefined {
  return HOST_LITTLE_ENDIAN && byteOffset % 4 === 0 ? new Uint32Array(buffer, byteOffset, byteLength >> 2) : undefined;
}

interface Layout {
  /** Of the attributes, bytes. */
  readonly length: number;
  /** Where each value begins: words from the beginning of the attributes. */
  readonly values: readonly number[];
  /** Where the headers of the values, and of the attributes around them, stand; and what these headers are. */
  readonly headers: readonly number[];
  readonly expected: readonly number[];
}

const mostLayouts = 8;

/** Remembers where some attributes of a set have their values. */
export class Places {
  /** By the length of the message. */
  readonly #layouts = new Map<number, Layout>();
  /** That of the last message. */
  #layout: Layout | undefined;

  constructor(
    private readonly set: AttributeSet<Declaration>,
    private readonly sought: readonly Sought[],
  ) {}

  /**
   * The places of the values, in the order in which they are sought: words from `start`, where the attributes begin, of
   * which there are `length` bytes. Undefined where one is missing, or something does not fit.
   */
  find(words: Words, start: number, length: number): readonly number[] | undefined {
    let layout = this.#layout;
    if (layout?.length !== length) layout = this.#layouts.get(length);
    if (layout === undefined) return this.#look(words, start, length);
    const { headers, expected } = layout;
    // An index, and a length that is read once: the listing of a large table spends its time here.
    for (let index = 0, count = headers.length; index < count; index++) {
      if (words[start + (headers[index] as number)] !== expected[index]) return this.#look(words, start, length);
    }
    this.#layout = layout;
    return layout.values;
  }

  #look(words: Words, start: number, length: number): readonly number[] | undefined {
    const headers = new Set<number>();
    const values: number[] = [];
    for (const one of this.sought) {
      const found = this.#follow(one, words, start, length >> 2);
      if (found === undefined) return undefined;
      for (const place of found) headers.add(place);
      values.push((found.at(-1) ?? 0) + 1);
    }
    if (this.#layouts.size === mostLayouts) this.#layouts.clear();
    const expected = Array.from(headers, (place) => words[start + place] ?? 0);
    this.#layout = { length, values, headers: [...headers], expected };
    this.#layouts.set(length, this.#layout);
    return values;
  }

  /** The places of the headers on a path. */
  #follow({ path, length }: Sought, words: Words, start: number, size: number): number[] | undefined {
    const headers: number[] = [];
    let set: Coder<unknown> | undefined = this.set;
    let [from, end] = [0, size];
    for (const name of path) {
      if (!(set instanceof AttributeSet)) return undefined;
      const attribute: Attribute | undefined = set.attributes.find((attribute) => attribute.name === name);
      const place = attribute && findAttribute(words, start, from, end, attribute.type);
      if (place === undefined) return undefined;
      headers.push(place);
      from = place + 1;
      end = place + wordsIn(words[start + place]);
      set = attribute?.coder;
    }
    const last = words[start + (headers.at(-1) ?? 0)] ?? 0;
    return length === undefined || lengthIn(last) === NLA_HEADER_LENGTH + length ? headers : undefined;
  }
}

/** Where the header of the attribute stands, between two places. */
function findAttribute(
  words: Words,
  start: number,
  from: number,
  end: number,
  type: number | undefined,
): number | undefined {
  for (let place = from; place < end; ) {
    const header = words[start + place] ?? 0;
    const size = wordsIn(header);
    if (size === 0 || place + size > end) return undefined;
    if (((header >>> 16) & NLA_TYPE_MASK) === type) return place;
    place += size;
  }
  return undefined;
}

/** The lower half of an attribute's header. */
function lengthIn(header: number): number {
  return header & 0xffff;
}

/** How many words an attribute takes with its header; 0 where its length is impossible. */
function wordsIn(header = 0): number {
  const length = lengthIn(header);
  return length < NLA_HEADER_LENGTH ? 0 : align(length) >> 2;
}

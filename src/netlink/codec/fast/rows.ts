/** A shortcut for `decodeMessages`: the messages of a dump one by one, without an object for each. */
import { HEADER_LENGTH, NLM_F_MULTI } from "../message.js";
import { asWords, type Words } from "./places.js";

/** Takes the messages of a dump. */
export interface Rows {
  /** Takes a payload of `length` bytes from the word `start` on; they are valid until it returns. */
  take(words: Words, start: number, length: number): void;
  /** A message cannot be taken. */
  miss(): void;
  /** The dump starts over. */
  restart(): void;
}

/**
 * Takes the messages at the beginning of a datagram that have the type and the sequence number; returns their length in
 * bytes. The rest, such as the end of the dump, are not rows.
 */
export function takeRows(datagram: Uint8Array, type: number, sequence: number, rows: Rows): number {
  const words = asWords(datagram) ?? asWords(datagram.slice());
  if (words === undefined) return 0;
  const kind = (type | (NLM_F_MULTI << 16)) >>> 0;
  const size = words.length;
  let start = 0;
  while (words[start + 1] === kind && words[start + 2] === sequence) {
    const length = words[start] as number;
    const end = start + (length >> 2);
    if (length < HEADER_LENGTH || length % 4 !== 0 || end > size) break;
    rows.take(words, start + HEADER_LENGTH / 4, length - HEADER_LENGTH);
    start = end;
  }
  return start * 4;
}

import { decodeLatin1 } from "../bytes/bytes.js";
import type { FileCalls } from "./system-calls.js";

/** One read of /proc gives a page at most: this many bytes are gathered before they are handed on. */
const PIECE_SIZE = 64 * 1024;

/** The whole of a file, as a byte string: one character a byte. Throws a SystemError. */
export function readFile(calls: FileCalls, path: string): string {
  const descriptor = calls.open(path);
  try {
    let text = "";
    for (const piece of readPieces(calls, descriptor)) text += decodeLatin1(piece);
    return text;
  } finally {
    calls.close(descriptor);
  }
}

/**
 * The bytes of an open file, piece by piece, so that its length does not matter. A piece is valid only until the next one is
 * asked for. Throws a SystemError.
 */
export function* readPieces(calls: FileCalls, descriptor: number): Generator<Uint8Array> {
  const buffer = new Uint8Array(PIECE_SIZE);
  for (let length = buffer.length; length === buffer.length; ) {
    length = fill(calls, descriptor, buffer);
    if (length > 0) yield buffer.subarray(0, length);
  }
}

/** Returns the number of bytes; fewer than the buffer takes at the end of the file only. */
function fill(calls: FileCalls, descriptor: number, buffer: Uint8Array): number {
  let length = 0;
  while (length < buffer.length) {
    const read = calls.read(descriptor, buffer.subarray(length));
    if (read === 0) break;
    length += read;
  }
  return length;
}

import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { ProcError } from "./errors.js";

/** Where the kernel shows its ip_vs; another folder in tests. */
export const PROC_NET = "/proc/net";

/** One read of /proc gives a page at most: this many bytes are gathered before they are handed on. */
const CHUNK_SIZE = 64 * 1024;

/** The whole of a small file of the folder, e.g. `ip_vs_stats`. Throws what the system says where it cannot. */
export function readText(name: string, folder = PROC_NET): string {
  return readFileSync(`${folder}/${name}`, "latin1");
}

/**
 * The bytes of a file of the folder, piece by piece, so that its length does not matter. Opens the file at the first
 * step and closes it at the last. A piece is valid only until the next one is asked for. Throws a ProcError, in the words
 * of ipvsadm, where it cannot be opened.
 */
export function* readChunks(name: string, folder = PROC_NET): Generator<Uint8Array> {
  const descriptor = open(`${folder}/${name}`);
  try {
    const buffer = new Uint8Array(CHUNK_SIZE);
    for (let length = -1; length !== 0; ) {
      length = fill(descriptor, buffer);
      if (length > 0) yield buffer.subarray(0, length);
    }
  } finally {
    closeSync(descriptor);
  }
}

function open(path: string): number {
  try {
    return openSync(path, "r");
  } catch (cause) {
    throw new ProcError(`cannot open file ${path}`, { cause });
  }
}

function fill(descriptor: number, buffer: Uint8Array): number {
  let length = 0;
  while (length < buffer.length) {
    const read = readSync(descriptor, buffer, length, buffer.length - length, null);
    if (read === 0) break;
    length += read;
  }
  return length;
}

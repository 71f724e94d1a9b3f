import { readFile, readPieces } from "../runtime/read-file.js";
import type { SystemCalls } from "../runtime/system-calls.js";
import { ProcError } from "./errors.js";

/** Where the kernel shows its ip_vs; another folder in tests. */
export const PROC_NET = "/proc/net";

/** The whole of a small file of the folder, e.g. `ip_vs_stats`. Throws a SystemError where it cannot. */
export function readText(calls: SystemCalls, name: string, folder = PROC_NET): string {
  return readFile(calls, `${folder}/${name}`);
}

/**
 * The bytes of a file of the folder, piece by piece, so that its length does not matter. Opens the file at the first
 * step and closes it at the last. A piece is valid only until the next one is asked for. Throws a ProcError, in the words
 * of ipvsadm, where it cannot be opened.
 */
export function* readChunks(calls: SystemCalls, name: string, folder = PROC_NET): Generator<Uint8Array> {
  const descriptor = open(calls, `${folder}/${name}`);
  try {
    yield* readPieces(calls, descriptor);
  } finally {
    calls.close(descriptor);
  }
}

function open(calls: SystemCalls, path: string): number {
  try {
    return calls.open(path);
  } catch (cause) {
    throw new ProcError(`cannot open file ${path}`, { cause });
  }
}

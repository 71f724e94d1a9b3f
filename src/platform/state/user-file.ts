import { type FileCalls, SystemError } from "../system-calls.js";
import { FileError } from "./file-error.js";

const bufferSize = 64 * 1024;

/**
 * The bytes of any file that a user names, piece by piece, as they arrive: a file, a FIFO, /dev/stdin. The path is a byte
 * string. Opening and reading block the process, as reading standard input does. Rejects with a FileError.
 */
export async function* readUserFile(calls: FileCalls, path: string): AsyncGenerator<Uint8Array> {
  const descriptor = refusalsOf(path, () => calls.open(path));
  try {
    const buffer = new Uint8Array(bufferSize);
    for (;;) {
      const length = refusalsOf(path, () => calls.read(descriptor, buffer));
      if (length === 0) return;
      yield buffer.slice(0, length);
    }
  } finally {
    calls.close(descriptor);
  }
}

function refusalsOf<Result>(path: string, call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    if (error instanceof SystemError) throw new FileError(path, error);
    throw error;
  }
}

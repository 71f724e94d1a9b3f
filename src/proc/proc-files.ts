import { concatBytes, decodeLatin1 } from "../bytes/bytes.js";
import { readFile, readPieces } from "../platform/read-file.js";
import { type FileCalls, SystemError } from "../platform/system-calls.js";
import { ProcError } from "./proc-error.js";

/** The folder with the kernel's files about ip_vs. */
export const PROC_NET = "/proc/net";

/** A file that is read repeatedly, into the same memory. */
export interface RepeatedFile {
  /** The whole file; valid until the next call. Throws a ProcError. */
  read(): Uint8Array;
}

/** The files of /proc/net, or of another folder in tests. A file is named without its folder: `ip_vs_stats`. */
export class ProcFiles {
  constructor(
    private readonly calls: FileCalls,
    readonly folder = PROC_NET,
  ) {}

  /** The files of another /proc, by the absolute path of its folder, or of the folder of a process in it. */
  at(proc: string): ProcFiles {
    return new ProcFiles(this.calls, `${proc}/net`);
  }

  /** The whole file as a byte string. Throws a SystemError where it cannot be read. */
  readText(name: string): string {
    return readFile(this.calls, this.#path(name));
  }

  /**
   * The bytes of a file, in chunks of bounded size. Opens the file at the first step and closes it at the last. A chunk is
   * valid only until the next one is requested. Throws a ProcError where the file cannot be opened, in ipvsadm's words, or
   * cannot be read.
   */
  *readChunks(name: string): Generator<Uint8Array> {
    const path = this.#path(name);
    const descriptor = this.#open(path, `cannot open file ${path}`);
    try {
      yield* readPieces(this.calls, descriptor);
    } catch (cause) {
      throw toProcError(cause, path);
    } finally {
      this.calls.close(descriptor);
    }
  }

  /** The whole file as a byte string. Throws a ProcError like `readChunks`. */
  readWhole(name: string): string {
    return decodeLatin1(concatBytes(Array.from(this.readChunks(name), (chunk) => chunk.slice())));
  }

  /** Whether the folder can be read at all, by a file that every kernel with networking has in it. */
  isThere(): boolean {
    try {
      this.calls.close(this.calls.open(this.#path("dev")));
      return true;
    } catch (error) {
      if (error instanceof SystemError) return false;
      throw error;
    }
  }

  repeated(name: string): RepeatedFile {
    const path = this.#path(name);
    let buffer = new Uint8Array(64 * 1024);
    const read = () => {
      const descriptor = this.#open(path);
      try {
        for (let length = 0; ; ) {
          if (length === buffer.length) buffer = concatBytes([buffer], 2 * length);
          const count = this.calls.read(descriptor, buffer.subarray(length));
          if (count === 0) return buffer.subarray(0, length);
          length += count;
        }
      } catch (cause) {
        throw toProcError(cause, path);
      } finally {
        this.calls.close(descriptor);
      }
    };
    return { read };
  }

  #path(name: string): string {
    return `${this.folder}/${name}`;
  }

  #open(path: string, message?: string): number {
    try {
      return this.calls.open(path);
    } catch (cause) {
      throw toProcError(cause, path, message);
    }
  }
}

/** What the system refused for a file, as a ProcError; any other error as it is. */
function toProcError(cause: unknown, path: string, message?: string): unknown {
  if (!(cause instanceof SystemError)) return cause;
  return new ProcError(message ?? `${path}: ${cause.message}`, { cause, path, code: cause.code });
}

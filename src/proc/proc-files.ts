import { concatBytes, decodeLatin1 } from "../bytes/bytes.js";
import { readFile, readPieces } from "../platform/read-file.js";
import { type FileCalls, SystemError } from "../platform/system-calls.js";
import { ProcError } from "./proc-error.js";

/** Where the kernel shows its ip_vs. */
export const PROC_NET = "/proc/net";

/** A file that is read repeatedly, into memory that is kept. */
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

  /** Those of another /proc, by the absolute path of its folder, or of the folder of a process in it. */
  at(proc: string): ProcFiles {
    return new ProcFiles(this.calls, `${proc}/net`);
  }

  /** The whole file as a byte string. Throws a SystemError where it cannot be read. */
  readText(name: string): string {
    return readFile(this.calls, this.#path(name));
  }

  /**
   * The bytes of a file, in chunks of bounded size. Opens the file at the first step and closes it at the last. A chunk is
   * valid only until the next one is asked for. Throws a ProcError, in ipvsadm's words, where the file cannot be opened.
   */
  *readChunks(name: string): Generator<Uint8Array> {
    const descriptor = this.#open(name, (path) => `cannot open file ${path}`);
    try {
      yield* readPieces(this.calls, descriptor);
    } finally {
      this.calls.close(descriptor);
    }
  }

  /** The same, where every failure is a ProcError. */
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
    let buffer = new Uint8Array(64 * 1024);
    const read = () => {
      const descriptor = this.#open(name, (path, { message }) => `${path}: ${message}`);
      try {
        for (let length = 0; ; ) {
          if (length === buffer.length) buffer = concatBytes([buffer], 2 * length);
          const count = this.calls.read(descriptor, buffer.subarray(length));
          if (count === 0) return buffer.subarray(0, length);
          length += count;
        }
      } finally {
        this.calls.close(descriptor);
      }
    };
    return { read };
  }

  #path(name: string): string {
    return `${this.folder}/${name}`;
  }

  #open(name: string, explain: (path: string, cause: SystemError) => string): number {
    const path = this.#path(name);
    try {
      return this.calls.open(path);
    } catch (cause) {
      if (!(cause instanceof SystemError)) throw cause;
      throw new ProcError(explain(path, cause), { cause, path, code: cause.code });
    }
  }
}

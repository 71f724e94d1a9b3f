/** The system calls of the programs, in a form that every runtime has: `node-calls.ts`, `bun-calls.ts`, `quickjs/calls.ts`. */
import { errorCode, strerror } from "./errno.js";

/** Blocking calls, which throw a SystemError. One that a signal interrupts (EINTR) is made again. */
export interface SystemCalls {
  /** Opens a file for reading, by its path as a byte string; returns its descriptor. */
  open(path: string): number;
  /** Reads into the buffer by one read(2); returns the number of bytes, 0 at the end of the file. */
  read(descriptor: number, buffer: Uint8Array): number;
  /** Writes by one write(2); returns the number of bytes, which may be fewer than given. */
  write(descriptor: number, bytes: Uint8Array): number;
  close(descriptor: number): void;
  /** Runs a program to completion with inherited stdio. Its exit status, and failure to start it, are ignored. */
  run(path: string, args: readonly string[]): Promise<void>;
}

/** Those that read files. */
export type FileCalls = Pick<SystemCalls, "open" | "read" | "close">;

/** What the operating system refused, in strerror's words. */
export class SystemError extends Error {
  /** The errno's name: `ENOSPC`. */
  readonly code: string;

  constructor(
    /** Positive. */
    readonly errno: number,
  ) {
    super(strerror(errno));
    this.name = "SystemError";
    this.code = errorCode(errno);
  }
}

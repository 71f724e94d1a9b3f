/**
 * The standard streams. Texts are byte strings (one character a byte, latin1), so that whatever bytes came in - arguments,
 * rule files, names from the kernel - go out unchanged, as they do in C.
 */
import { copyLatin1, encodeLatin1, encodeUtf8 } from "../bytes/bytes.js";
import { dieOfBrokenPipe, waitForOtherEnd } from "./process.js";
import { type SystemCalls, SystemError } from "./system-calls.js";

const largestPiece = 64 * 1024;

/**
 * Standard output, written in large pieces. What cannot be written is lost, as is everything after it, and `end` reports
 * it: a restore must not stop in the middle because somebody's disk is full.
 */
export class StandardOutput {
  #pending = new Uint8Array(0);
  #length = 0;
  #failure: unknown;
  #isReported = false;

  constructor(private readonly calls: SystemCalls) {}

  /** Takes bytes, or a byte string. */
  write(bytes: string | Uint8Array): void {
    if (bytes.length > this.#pending.length - this.#length) this.#makeRoom();
    if (bytes.length > this.#pending.length) {
      this.#send(typeof bytes === "string" ? encodeLatin1(bytes) : bytes);
      return;
    }
    if (typeof bytes === "string") copyLatin1(bytes, this.#pending, this.#length);
    else this.#pending.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Writes Unicode text as UTF-8, immediately. Throws where it cannot be written: nobody is listening any more. */
  writeText(text: string): void {
    this.write(encodeUtf8(text));
    this.flush();
    if (this.#failure === undefined) return;
    this.#isReported = true;
    throw this.#failure;
  }

  flush(): void {
    const length = this.#length;
    this.#length = 0;
    if (length > 0) this.#send(this.#pending.subarray(0, length));
  }

  /** Writes what is left. Throws the first failure to write, if nothing has thrown it before. */
  end(): void {
    this.flush();
    if (this.#failure !== undefined && !this.#isReported) throw this.#failure;
  }

  #makeRoom(): void {
    this.flush();
    // Most calls print little, and room that is not needed takes time, too.
    if (this.#pending.length < largestPiece)
      this.#pending = new Uint8Array(this.#pending.length === 0 ? 4096 : largestPiece);
  }

  #send(bytes: Uint8Array): void {
    if (this.#failure !== undefined) return;
    try {
      writeAll(this.calls, 1, bytes);
    } catch (error) {
      this.#failure = error;
    }
  }
}

/**
 * Standard error, written immediately and after everything that standard output was given before. As in the C program, a
 * message that cannot be written is lost, and changes nothing about what the program does.
 */
export class StandardError {
  constructor(
    private readonly calls: SystemCalls,
    private readonly stdout: StandardOutput,
  ) {}

  /** Takes bytes, or a byte string. */
  write(bytes: string | Uint8Array): void {
    this.stdout.flush();
    try {
      writeAll(this.calls, 2, typeof bytes === "string" ? encodeLatin1(bytes) : bytes);
    } catch (error) {
      if (!(error instanceof WriteError)) throw error;
    }
  }

  /** Writes Unicode text as UTF-8. */
  writeText(text: string): void {
    this.write(encodeUtf8(text));
  }
}

class WriteError extends Error {}

function writeAll(calls: SystemCalls, descriptor: number, bytes: Uint8Array): void {
  for (let rest = bytes; rest.length > 0; ) {
    try {
      rest = rest.subarray(calls.write(descriptor, rest));
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      if (error.code === "EAGAIN") waitForOtherEnd();
      else if (error.code === "EPIPE") {
        dieOfBrokenPipe();
        // Whoever has SIGPIPE ignored wants to hear nothing of it, as in the original.
        return;
      } else throw new WriteError(`write error: ${error.message}`);
    }
  }
}

/**
 * Standard input in chunks, as they arrive. Reading blocks the process, so callers must finish pending work before asking
 * for the next chunk. `process.stdin` would take 13 ms to load, three times what the executable takes to start.
 */
export async function* standardInput(calls: SystemCalls): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(64 * 1024);
  for (;;) {
    const length = readInput(calls, buffer);
    if (length === 0) return;
    yield buffer.slice(0, length);
  }
}

function readInput(calls: SystemCalls, buffer: Uint8Array): number {
  for (;;) {
    try {
      return calls.read(0, buffer);
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      if (error.code !== "EAGAIN") throw new Error(`read error: ${error.message}`);
      waitForOtherEnd();
    }
  }
}

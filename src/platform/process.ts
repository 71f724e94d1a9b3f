/**
 * The process itself: its arguments, standard streams and end. Texts are byte strings (one character a byte, latin1), so
 * that whatever bytes came in - arguments, rule files, names from the kernel - go out unchanged, as they do in C.
 */
import { readFile } from "./read-file.js";
import { type SystemCalls, SystemError } from "./system-calls.js";

/** The arguments after the program's name, as byte strings. */
export function commandLineArgs(calls: SystemCalls): string[] {
  const given = process.argv.slice(2);
  const args: string[] = [];
  for (const arg of given) {
    // Arguments that are no UTF-8 reach JavaScript mangled; the kernel still has their bytes.
    if (isMangled(arg)) return processArgs(calls).slice(-given.length);
    args.push(encodeArg(arg));
  }
  return args;
}

/** How an executable was called: argv[0], which on Node is Node's. */
export function commandName(calls: SystemCalls): string {
  const name = process.argv0;
  return isMangled(name) ? (processArgs(calls)[0] ?? "") : encodeArg(name);
}

/** The bytes that text has in UTF-8; those of ASCII are the text itself. */
function encodeArg(text: string): string {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x7f) return encodeText(text);
  return text;
}

/** By itself, since Bun makes Buffer, in a tenth of a millisecond, when it first enters a function that has the word in it. */
function encodeText(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

function isMangled(arg: string): boolean {
  return arg.includes("\ufffd");
}

/** argv as the kernel has it. */
function processArgs(calls: SystemCalls): string[] {
  return readFile(calls, "/proc/self/cmdline").split("\0").slice(0, -1);
}

/**
 * Standard output, written in large pieces. What cannot be written is lost, as is everything after it, and `end` reports
 * it: a restore must not stop in the middle because somebody's disk is full.
 */
export class StandardOutput {
  #pending = new Uint8Array(0);
  #length = 0;
  #failure: unknown;

  constructor(private readonly calls: SystemCalls) {}

  /** Takes bytes, or a byte string. */
  write(bytes: string | Uint8Array): void {
    if (bytes.length > this.#pending.length - this.#length) this.#makeRoom();
    if (bytes.length > this.#pending.length) {
      this.#send(typeof bytes === "string" ? toBytes(bytes) : bytes);
      return;
    }
    if (typeof bytes === "string") copyBytes(bytes, this.#pending, this.#length);
    else this.#pending.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Writes Unicode text as UTF-8, immediately. Throws where it cannot be written: nobody is listening any more. */
  writeText(text: string): void {
    this.write(Buffer.from(text, "utf8"));
    this.end();
  }

  flush(): void {
    const length = this.#length;
    this.#length = 0;
    if (length > 0) this.#send(this.#pending.subarray(0, length));
  }

  /** Writes what is left. Throws the first failure to write. */
  end(): void {
    this.flush();
    if (this.#failure !== undefined) throw this.#failure;
  }

  #makeRoom(): void {
    this.flush();
    if (this.#pending.length === 0) this.#pending = new Uint8Array(64 * 1024);
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
      writeAll(this.calls, 2, typeof bytes === "string" ? toBytes(bytes) : bytes);
    } catch (error) {
      if (!(error instanceof WriteError)) throw error;
    }
  }

  /** Writes Unicode text as UTF-8. */
  writeText(text: string): void {
    this.write(Buffer.from(text, "utf8"));
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
      else if (error.code === "EPIPE") dieOfBrokenPipe();
      else throw new WriteError(`write error: ${error.message}`);
    }
  }
}

function toBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  copyBytes(text, bytes, 0);
  return bytes;
}

function copyBytes(text: string, bytes: Uint8Array, offset: number): void {
  for (let index = 0; index < text.length; index++) bytes[offset + index] = text.charCodeAt(index);
}

/** A pipe that somebody else made non-blocking is full, or empty: let its other end work for a millisecond. */
function waitForOtherEnd(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
}

/** Ends as a C program does whose reader went away, which is what shells and `pipefail` know: killed by SIGPIPE. */
function dieOfBrokenPipe(): never {
  // Node ignores SIGPIPE; a listener that comes and goes leaves the default action, which is death.
  const listener = () => {};
  process.on("SIGPIPE", listener);
  process.off("SIGPIPE", listener);
  process.kill(process.pid, "SIGPIPE");
  process.exit(141);
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

/** Whether standard output is a terminal. */
export async function outputIsTerminal(): Promise<boolean> {
  const { isatty } = await import("node:tty");
  return isatty(1);
}

/** Ends the process; what was written must have been flushed. */
export function exit(status: number): never {
  process.exit(status);
}

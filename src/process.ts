/**
 * The process itself: its arguments, standard streams and end. Texts are byte strings (one character a byte, latin1), so
 * that whatever bytes came in - arguments, rule files, names from the kernel - go out unchanged, as they do in C.
 */
import { readFile } from "./runtime/read-file.js";
import { type SystemCalls, SystemError } from "./runtime/system-calls.js";

/** The arguments after the program's name, as byte strings. */
export function commandLineWords(calls: SystemCalls): string[] {
  const given = process.argv.slice(2);
  const words: string[] = [];
  for (const word of given) {
    // Arguments that are no UTF-8 reach JavaScript mangled; the kernel still has their bytes.
    if (isMangled(word)) return processWords(calls).slice(-given.length);
    words.push(toByteString(word));
  }
  return words;
}

/** How an executable was called: argv[0], which on Node is Node's. */
export function commandName(calls: SystemCalls): string {
  const name = process.argv0;
  return isMangled(name) ? (processWords(calls)[0] ?? "") : toByteString(name);
}

/** The bytes that text has in UTF-8; those of ASCII are the text itself. */
function toByteString(text: string): string {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x7f) return encodeText(text);
  return text;
}

/** By itself, since Bun makes Buffer, in a tenth of a millisecond, when it first enters a function that has the word in it. */
function encodeText(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

function isMangled(word: string): boolean {
  return word.includes("\ufffd");
}

/** argv as the kernel has it. */
function processWords(calls: SystemCalls): string[] {
  return readFile(calls, "/proc/self/cmdline").split("\0").slice(0, -1);
}

/** Standard output and standard error. */
export class OutputStreams {
  /** What waits for standard output. */
  #pending = new Uint8Array(0);
  #length = 0;

  constructor(private readonly calls: SystemCalls) {}

  /** Writes to standard output, in large pieces; what is left is written by `flush` and by `error`. */
  output(text: string | Uint8Array): void {
    if (text.length > this.#pending.length - this.#length) this.#makeRoom();
    if (text.length > this.#pending.length) {
      this.#write(1, typeof text === "string" ? toBytes(text) : text);
      return;
    }
    if (typeof text === "string") writeBytes(text, this.#pending, this.#length);
    else this.#pending.set(text, this.#length);
    this.#length += text.length;
  }

  #makeRoom(): void {
    this.flush();
    if (this.#pending.length === 0) this.#pending = new Uint8Array(64 * 1024);
  }

  /** Writes to standard error, after all that was written to standard output before. */
  error(text: string): void {
    this.flush();
    this.#write(2, toBytes(text));
  }

  flush(): void {
    const length = this.#length;
    this.#length = 0;
    if (length > 0) this.#write(1, this.#pending.subarray(0, length));
  }

  #write(descriptor: number, bytes: Uint8Array): void {
    for (let rest = bytes; rest.length > 0; ) {
      try {
        rest = rest.subarray(this.calls.write(descriptor, rest));
      } catch (error) {
        if (!(error instanceof SystemError)) throw error;
        if (error.code === "EAGAIN") waitForOtherEnd();
        else if (error.code === "EPIPE") dieOfBrokenPipe();
        else throw new Error(`write error: ${error.message}`);
      }
    }
  }
}

function toBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  writeBytes(text, bytes, 0);
  return bytes;
}

function writeBytes(text: string, bytes: Uint8Array, offset: number): void {
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
 * Standard input, in the pieces in which it comes. To wait for the next piece is to do nothing else: whoever reads has to have
 * done what is to be done before. `process.stdin` would take 13 ms to load, three times what the executable takes to start.
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

/** Whether a person may be reading standard output. */
export async function outputIsTerminal(): Promise<boolean> {
  const { isatty } = await import("node:tty");
  return isatty(1);
}

/** Ends the process; what was written must have been flushed. */
export function exit(status: number): never {
  process.exit(status);
}

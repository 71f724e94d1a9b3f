/**
 * The process itself: its arguments, standard streams and end. Texts are byte strings (one character a byte, latin1), so
 * that whatever bytes came in - arguments, rule files, names from the kernel - go out unchanged, as they do in C.
 */
import { readFileSync, writeSync } from "node:fs";

/** The arguments after the program's name, as byte strings. */
export function commandLineWords(): string[] {
  const words = process.argv.slice(2);
  if (words.some((word) => word.includes("\ufffd"))) return rawWords(words.length);
  return words.map((word) => Buffer.from(word, "utf8").toString("latin1"));
}

/** Arguments that are no UTF-8 reach JavaScript mangled; the kernel still has their bytes. */
function rawWords(count: number): string[] {
  return processWords().slice(-count);
}

/** How an executable was called: its argv[0], which Node and Bun keep for themselves. */
export function commandName(): string {
  return processWords()[0] ?? "";
}

/** argv as the kernel has it. */
function processWords(): string[] {
  return readFileSync("/proc/self/cmdline", "latin1").split("\0").slice(0, -1);
}

const largestBuffer = 64 * 1024;
let buffered: string[] = [];
let bufferedLength = 0;

/** Writes to standard output, in large pieces; what is left is written by `flush`, by `writeError` and at the end. */
export function writeOutput(text: string | Uint8Array): void {
  if (typeof text === "string") {
    buffered.push(text);
    bufferedLength += text.length;
    if (bufferedLength >= largestBuffer) flush();
  } else {
    flush();
    writeAll(1, text);
  }
}

export function flush(): void {
  if (bufferedLength === 0) return;
  const text = buffered.join("");
  buffered = [];
  bufferedLength = 0;
  writeAll(1, text);
}

/** Writes to standard error, after all that was written to standard output before. */
export function writeError(text: string): void {
  flush();
  writeAll(2, text);
}

function writeAll(descriptor: number, text: string | Uint8Array): void {
  const bytes = typeof text === "string" ? Buffer.from(text, "latin1") : text;
  let offset = 0;
  while (offset < bytes.length) {
    try {
      offset += writeSync(descriptor, bytes, offset);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === "EAGAIN") waitForReader();
      else if (code === "EPIPE") dieOfBrokenPipe();
      else throw new Error(`write error: ${systemMessage(error)}`);
    }
  }
}

/** `ENOSPC: no space left on device, write` -> `no space left on device`. */
function systemMessage(error: unknown): string {
  return String(error instanceof Error ? error.message : error).replace(/^[A-Z]+: |, write$/g, "");
}

/** A pipe that somebody else made non-blocking is full: let its reader work for a millisecond. */
function waitForReader(): void {
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

/** Standard input, in the pieces in which it comes. */
export function standardInput(): AsyncIterable<Uint8Array> {
  return process.stdin;
}

/** Whether a person may be reading standard output. */
export async function outputIsTerminal(): Promise<boolean> {
  const { isatty } = await import("node:tty");
  return isatty(1);
}

/** Ends the process; everything written is out. */
export function exit(status: number): never {
  flush();
  process.exit(status);
}

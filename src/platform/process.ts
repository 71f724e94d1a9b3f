/**
 * The process itself on Node and Bun: its arguments, environment and end. Texts are byte strings (one character a byte,
 * latin1). `quickjs/process.ts` is its twin in the small executable.
 */
import { decodeLatin1, encodeUtf8 } from "../bytes/bytes.js";
import { readFile } from "./read-file.js";
import type { SystemCalls } from "./system-calls.js";

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
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) > 0x7f) return decodeLatin1(encodeUtf8(text));
  }
  return text;
}

function isMangled(arg: string): boolean {
  return arg.includes("\ufffd");
}

/** argv as the kernel has it. */
function processArgs(calls: SystemCalls): string[] {
  return readFile(calls, "/proc/self/cmdline").split("\0").slice(0, -1);
}

/** The environment. */
export function environment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}

/** Takes variables out of the environment that a package would obey. */
export function forgetVariables(names: readonly string[]): void {
  for (const name of names) delete process.env[name];
}

/** A pipe that somebody else made non-blocking is full, or empty: let its other end work for a millisecond. */
export function waitForOtherEnd(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
}

/**
 * Ends as a C program does whose reader went away, which is what shells and `pipefail` know: killed by SIGPIPE. The runtimes
 * ignore the signal themselves, so whether it was ignored before cannot be known here.
 */
export function dieOfBrokenPipe(): void {
  // Node ignores SIGPIPE; a listener that comes and goes leaves the default action, which is death.
  const listener = () => {};
  process.on("SIGPIPE", listener);
  process.off("SIGPIPE", listener);
  process.kill(process.pid, "SIGPIPE");
  process.exit(141);
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

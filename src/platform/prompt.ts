/** Questions and progress on the terminal of the person who runs a command. */
import { closeSync, openSync, writeSync } from "node:fs";
import { isatty, ReadStream } from "node:tty";

/** Whether standard input is a terminal. */
export function inputIsTerminal(): boolean {
  return isatty(0);
}

/** Whether standard error is a terminal. */
export function errorIsTerminal(): boolean {
  return isatty(2);
}

/** The width of the terminal that standard error is. */
export function errorWidth(): number {
  return process.stderr.columns || 80;
}

/**
 * Asks on the terminal that controls the process, or the one that is standard input: true for `y` or `yes`, undefined without
 * a terminal. The signal ends the waiting; its reason rejects.
 */
export async function askToConfirm(question: string, signal?: AbortSignal): Promise<boolean | undefined> {
  const descriptor = openTerminal();
  if (descriptor === undefined) return undefined;
  signal?.throwIfAborted();
  writeSync(descriptor, `${question} [y/N] `);
  const answer = await readLine(descriptor, signal);
  signal?.throwIfAborted();
  return /^y(es)?$/i.test(answer.trim());
}

/** A descriptor of its own, which the stream closes. */
function openTerminal(): number | undefined {
  for (const path of ["/dev/tty", ...(inputIsTerminal() ? ["/proc/self/fd/0"] : [])]) {
    try {
      const descriptor = openSync(path, "r+");
      if (isatty(descriptor)) return descriptor;
      closeSync(descriptor);
    } catch {
      // The process has no such terminal.
    }
  }
  return undefined;
}

/** What was typed up to the end of the line, or before the input ended. */
function readLine(descriptor: number, signal?: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const stream = new ReadStream(descriptor);
    let text = "";
    const finish = () => {
      signal?.removeEventListener("abort", finish);
      stream.destroy();
      resolve(text);
    };
    signal?.addEventListener("abort", finish);
    stream.on("data", (data) => {
      text += data.toString();
      if (text.includes("\n")) finish();
    });
    stream.on("end", finish);
    stream.on("error", finish);
  });
}

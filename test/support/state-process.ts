import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { fromRoot } from "./paths.js";

export const runtimes = ["node", "bun"] as const;

export type Runtime = (typeof runtimes)[number];

const program = fromRoot("build/test/support/state-program.js");

const running = new Set<StateProcess>();

/** Ends those that a failed test has left: the test's own process would wait for them. */
export async function endStateProcesses(): Promise<void> {
  for (const run of running) {
    run.child.kill("SIGKILL");
    await run.end();
  }
}

/** A run of `state-program.ts`. */
export class StateProcess {
  readonly child: ChildProcessWithoutNullStreams;
  stdout = "";
  stderr = "";
  readonly #ended: Promise<unknown[]>;

  /** `wrapper` are words in front of the command. */
  constructor(runtime: Runtime, args: readonly string[], wrapper: readonly string[] = []) {
    const interpreter = runtime === "node" ? process.execPath : fromRoot("scripts/bun");
    const [command = "", ...rest] = [...wrapper, interpreter, program, ...args];
    this.child = spawn(command, rest, { stdio: "pipe" });
    this.child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.stdout += text;
    });
    this.child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
    });
    this.#ended = once(this.child, "close");
    running.add(this);
  }

  /** Resolves when standard output has a text. Rejects where the process ends without it. */
  async said(text: string): Promise<void> {
    while (!this.stdout.includes(text)) {
      const more = once(this.child.stdout, "data");
      await Promise.race([more, this.#ended]);
      if (this.child.exitCode !== null && !this.stdout.includes(text)) {
        throw new Error(`ended with ${this.child.exitCode} before it said '${text}': ${this.stdout}${this.stderr}`);
      }
    }
  }

  /** Its exit status, or the signal that ended it, with what it wrote. */
  async end(): Promise<{ status: number | string; stdout: string; stderr: string }> {
    const [status, signal] = await this.#ended;
    running.delete(this);
    return { status: (status ?? signal) as number | string, stdout: this.stdout, stderr: this.stderr };
  }
}

/** Runs it to its end, with nothing on standard input. */
export async function runState(runtime: Runtime, args: readonly string[], wrapper?: readonly string[]) {
  const run = new StateProcess(runtime, args, wrapper);
  run.child.stdin.end();
  return run.end();
}

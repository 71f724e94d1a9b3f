import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** A child process in a network namespace that is sent lines and answers in lines. */
export class LineProcess {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(namespace: string, words: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    this.#child = spawn("ip", ["netns", "exec", namespace, ...words], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, ...environment },
    });
    if (this.#child.stdout === null) throw new Error("no pipe to the child process");
    this.#lines = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(text: string): void {
    this.#child.stdin?.write(text);
  }

  async line(): Promise<string> {
    const next = await this.#lines.next();
    if (next.done) throw new Error(`the process ended: ${this.#child.spawnargs.join(" ")}`);
    return next.value;
  }

  close(): void {
    this.#child.stdin?.end();
  }
}

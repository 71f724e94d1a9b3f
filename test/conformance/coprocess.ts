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

  /** The next line of the answer; `seconds` without one are an error that names what waited. */
  async line(seconds: number): Promise<string> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(
        () => reject(new Error(`no answer in ${seconds} s: ${this.#child.spawnargs.join(" ")}`)),
        seconds * 1000,
      );
    });
    const next = await Promise.race([this.#lines.next(), late]).finally(() => clearTimeout(timer));
    if (next.done) throw new Error(`the process ended: ${this.#child.spawnargs.join(" ")}`);
    return next.value;
  }

  close(): void {
    this.#child.stdin?.end();
  }
}

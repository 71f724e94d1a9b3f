/** A shell that stays: what runs in it shares its folder, variables and background jobs. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";

/** Ends the output of each command; no command prints it. */
const mark = "\u001e";

export class Shell {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #setUp: string;
  #output = "";
  #wake = () => {};
  #ended = false;

  /** Starts `program`, which becomes a bash that reads commands. `setUp` is run in it first. */
  constructor(program: readonly string[], setUp = "") {
    const [file = "bash", ...args] = program;
    this.#setUp = `exec 2>&1\n${setUp}\n`;
    this.#process = spawn(file, args, { stdio: "pipe" });
    this.#process.stdin.on("error", () => {});
    this.#process.stdout.setEncoding("utf8");
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream.on("data", (text: Buffer | string) => {
        this.#output += text.toString();
        this.#wake();
      });
    }
    this.#process.on("error", (error) => {
      this.#output += `${error.message}\n`;
    });
    this.#process.on("close", () => {
      this.#ended = true;
      this.#wake();
    });
    this.#process.stdin.write(this.#setUp);
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Runs a command. Without a status it did not end in time, or ended the shell. */
  async run(text: string, seconds = 30): Promise<{ output: string; status: number | undefined }> {
    const quoted = `'${text.replaceAll("'", "'\\''")}'`;
    this.#process.stdin.write(`eval ${quoted} </dev/null\nprintf '${mark}%d${mark}' $?\n`);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.#wake();
    }, seconds * 1000);
    try {
      for (;;) {
        const [output = "", status, rest] = this.#output.split(mark);
        if (status !== undefined && rest !== undefined) {
          this.#output = rest;
          return { output, status: Number(status) };
        }
        if (late || this.#ended) return { output: this.#output, status: undefined };
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** Kills it, and waits until it is gone. */
  async end(): Promise<void> {
    this.#process.kill("SIGKILL");
    this.#process.stdout.destroy();
    this.#process.stderr.destroy();
    if (this.#process.exitCode === null && this.#process.signalCode === null) await once(this.#process, "exit");
  }
}

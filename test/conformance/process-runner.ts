import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { Command, Outcome, Runner } from "./command.js";
import { quote } from "./command.js";
import { LineProcess } from "./coprocess.js";

/** Seconds after which a program counts as hung. */
const patience = 20;

/**
 * Runs commands as real processes. A shell in the namespace starts them: dash forks (vfork) and waits at a third of
 * what it costs in the guest to do so from Node. Output goes through files, which is cheaper there than pipes.
 */
export class ProcessRunner implements Runner {
  readonly #shell: LineProcess;
  readonly #folder = mkdtempSync("/run/conformance-");

  /** The programs are those of a folder. They see the names they have, not their paths: messages print them. */
  constructor(namespace: string, folder: string) {
    // The shell reads its commands from standard input, a block at a time.
    this.#shell = new LineProcess(namespace, ["/bin/sh"], { PATH: `${folder}:${process.env.PATH}` });
  }

  async run(command: Command): Promise<Outcome> {
    const [stdin, stdout, stderr] = ["in", "out", "err"].map((name) => `${this.#folder}/${name}`) as [
      string,
      string,
      string,
    ];
    if (command.stdin !== undefined) writeFileSync(stdin, command.stdin, "latin1");
    const words = [command.program ?? "ipvsadm", ...command.args].map(quote).join(" ");
    this.#shell.send(
      `${words} <${command.stdin === undefined ? "/dev/null" : stdin} >${stdout} 2>${stderr}; echo $?\n`,
    );
    let hung = false;
    const timer = setTimeout(() => {
      hung = true;
      for (const child of childrenOf(this.#shell.pid)) process.kill(child, "SIGKILL");
    }, patience * 1000);
    const status = Number(await this.#shell.line(2 * patience));
    clearTimeout(timer);
    const outcome = { status, stdout: readFileSync(stdout, "latin1"), stderr: readFileSync(stderr, "latin1") };
    return hung ? { ...outcome, hung } : outcome;
  }

  close(): void {
    this.#shell.close();
  }
}

/** The processes whose parent is `parent`. */
function childrenOf(parent: number | undefined): number[] {
  const numbers = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return numbers.map(Number).filter((pid) => {
    try {
      return (
        Number(
          readFileSync(`/proc/${pid}/stat`, "latin1")
            .replace(/^.*\) . /s, "")
            .split(" ")[0],
        ) === parent
      );
    } catch {
      return false; // It ended meanwhile.
    }
  });
}

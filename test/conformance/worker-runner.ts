import { type ChildProcess, spawn } from "node:child_process";
import { fromRoot } from "../support/paths.js";
import type { Command, Outcome, Runner } from "./command.js";

/** Seconds after which ours counts as hung. */
const patience = 20;

/** Runs commands by ours in a process that stays, in its own namespace: no process has to start for a command. */
export class WorkerRunner implements Runner {
  readonly #namespace: string;
  #worker: ChildProcess;

  constructor(namespace: string) {
    this.#namespace = namespace;
    this.#worker = this.#start();
  }

  run(command: Command): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#worker.removeAllListeners();
        this.#worker.kill("SIGKILL");
        this.#worker = this.#start();
        resolve({ status: 128 + 9, stdout: "", stderr: "", hung: true });
      }, patience * 1000);
      this.#worker.once("message", (outcome: Outcome) => {
        clearTimeout(timer);
        this.#worker.removeAllListeners();
        resolve(outcome);
      });
      this.#worker.once("exit", () => reject(new Error("ours ended its worker process")));
      this.#worker.send(command);
    });
  }

  close(): void {
    this.#worker.disconnect();
  }

  #start(): ChildProcess {
    const words = ["netns", "exec", this.#namespace, process.execPath, fromRoot("build/test/conformance/worker.js")];
    return spawn("ip", words, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  }
}

import { fromRoot } from "../support/paths.js";
import { LineProcess } from "./coprocess.js";

/** The kernel's table of one network namespace, read and reset without the program under test. */
export class KernelTable {
  readonly #process: LineProcess;

  constructor(namespace: string) {
    this.#process = new LineProcess(namespace, ["perl", fromRoot("test/conformance/kernel-table.pl")]);
  }

  /** The whole table as text that is equal for equal tables, in whatever order the kernel keeps its services. */
  async dump(): Promise<string> {
    const blocks: string[] = [];
    for (const line of await this.#ask("dump")) {
      if (line.startsWith("server ")) blocks.push(`${blocks.pop()}\n  ${line}`);
      else blocks.push(line);
    }
    return blocks.sort().join("\n");
  }

  /** Empties the table, stops the sync daemons and sets the kernel's own timeouts. */
  async reset(): Promise<void> {
    await this.#ask("reset");
  }

  async #ask(request: string): Promise<string[]> {
    this.#process.send(`${request}\n`);
    const lines: string[] = [];
    for (;;) {
      const line = await this.#process.line(30);
      if (line === ".") return lines;
      lines.push(line);
    }
  }

  close(): void {
    this.#process.close();
  }
}

import { type Command, isListing, type Outcome, type Runner } from "./command.js";
import { compareOutcomes, compareTables, type Verdict } from "./compare.js";
import type { KernelTable } from "./kernel-table.js";

/** One network namespace with what runs in it. */
export interface Side {
  readonly table: KernelTable;
  readonly ours: Runner;
}

/** The first difference of a sequence: nothing after it can be compared. */
export interface Difference {
  readonly index: number;
  readonly lines: readonly string[];
}

export interface Result {
  readonly difference?: Difference;
  /** Commands that were compared and agreed. */
  readonly passed: number;
  /** The departures that were met, one name for each time. */
  readonly departures: readonly string[];
}

/** Lets the original and ours run the same sequences and compares all that can be seen of them. */
export class Arena {
  /**
   * The original works in `first`, ours in `second`; what only reads is asked of ours in `first`, because the order of a
   * listing can depend on the order in which the kernel keeps its services, which differs from namespace to namespace.
   */
  constructor(
    readonly original: Runner,
    readonly first: Side,
    readonly second: Side,
  ) {}

  /** Runs a sequence on empty tables until the first difference. */
  async run(commands: Iterable<Command>): Promise<Result> {
    await Promise.all([this.first.table.reset(), this.second.table.reset()]);
    const departures: string[] = [];
    const done: { command: Command; theirs: Outcome }[] = [];
    for (const command of commands) {
      const listing = isListing(command);
      const theirs = await this.original.run(command);
      const ours = await (listing ? this.first : this.second).ours.run(command);
      done.push({ command, theirs });
      let verdict: Verdict = compareOutcomes(command, theirs, ours);
      if (verdict.differences.length > 0 && sameLines(theirs.stdout, ours.stdout)) verdict = await this.#settle(done);
      let differences = verdict.differences;
      if (differences.length === 0 && verdict.departure !== "hang" && !listing) {
        differences = compareTables(await this.first.table.dump(), await this.second.table.dump());
      }
      if (differences.length > 0) {
        return { difference: { index: done.length - 1, lines: differences }, passed: done.length - 1, departures };
      }
      if (verdict.departure !== undefined) departures.push(verdict.departure);
      // Where the original hung, the tables stand apart.
      if (verdict.departure === "hang") break;
    }
    return { passed: done.length, departures };
  }

  /** Asks ours again for a whole sequence where the original ran it: there the kernel's order is the same. */
  async #settle(done: readonly { command: Command; theirs: Outcome }[]): Promise<Verdict> {
    const { table, ours } = this.first;
    const last = done.at(-1);
    if (last === undefined) return { differences: [] };
    await table.reset();
    let outcome: Outcome | undefined;
    for (const { command } of done) outcome = await ours.run(command);
    return compareOutcomes(last.command, last.theirs, outcome ?? last.theirs);
  }
}

/** Whether two outputs are the same lines in another order. */
function sameLines(left: string, right: string): boolean {
  const sorted = (text: string) => text.split("\n").sort().join("\n");
  return left !== right && sorted(left) === sorted(right);
}

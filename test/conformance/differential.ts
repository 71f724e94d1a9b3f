import { existsSync, readdirSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Random } from "../support/random.js";
import { Arena, type Difference } from "./arena.js";
import { readCases } from "./cases.js";
import { type Command, type Runner, renderCommand } from "./command.js";
import { Sequence } from "./generate/sequence.js";
import { KernelTable } from "./kernel-table.js";
import { ProcessRunner } from "./process-runner.js";
import { shrink } from "./shrink.js";
import { WorkerRunner } from "./worker-runner.js";

/**
 * The differential driver: gives the same command lines to Debian's ipvsadm and to ours, each in its own network
 * namespace, and compares output, status and the kernel's tables. Runs in the guest; test/conformance/run starts it.
 */

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "2000" },
    cases: { type: "boolean", default: false },
    ours: { type: "string", default: "in-process" },
    "max-differences": { type: "string", default: "10" },
    tally: { type: "boolean", default: false },
  },
});

/** Where Debian's programs are: PATH may lead to ours. */
const originals = "/usr/sbin";

/** Commands of one sequence: enough for a table to fill. */
const sequenceLength = 40;

function runnerOfOurs(namespace: string): Runner {
  if (values.ours === "in-process") return new WorkerRunner(namespace);
  if (!existsSync(values.ours)) throw new Error(`--ours ${values.ours}: no such folder`);
  return new ProcessRunner(namespace, values.ours);
}

/** Wraps a runner to count its answers by kind: shows what a generated run really reaches. */
function tallied(runner: Runner): Runner {
  const run = async (command: Command) => {
    const outcome = await runner.run(command);
    const message = outcome.stderr.split("\n", 1)[0]?.replace(/[`'].*?'/g, "X") ?? "";
    const kind = `${outcome.status} ${message || command.args[0] || ""}`;
    answers.set(kind, (answers.get(kind) ?? 0) + 1);
    return outcome;
  };
  return { run, close: () => runner.close() };
}

const answers = new Map<string, number>();
const side = (namespace: string) => ({ table: new KernelTable(namespace), ours: runnerOfOurs(namespace) });
const original = new ProcessRunner("first", originals);
const arena = new Arena(values.tally ? tallied(original) : original, side("first"), side("second"));

let passed = 0;
let failed = 0;
const departures = new Map<string, number>();
const say = (text: string) => process.stderr.write(`${text}\n`);

/** Runs one sequence, counts, and reports its difference as a case that can be kept. */
async function play(name: string, commands: Iterable<Command>): Promise<void> {
  const played: Command[] = [];
  const result = await arena.run(recorded(commands, played)).catch((error: unknown) => {
    say(`in ${name}, at:\n${played.map(renderCommand).join("\n")}\n${kernelStacks()}`);
    throw error;
  });
  passed += result.passed;
  for (const departure of result.departures) departures.set(departure, (departures.get(departure) ?? 0) + 1);
  if (result.difference === undefined) return;
  failed += 1;
  if (failed <= Number(values["max-differences"])) await report(name, played, result.difference);
}

/** Where every process of the guest stands in the kernel: what there is to know when one does not answer. */
function kernelStacks(): string {
  const stacks = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return `${pid} ${readFileSync(`/proc/${pid}/comm`, "latin1")}${readFileSync(`/proc/${pid}/stack`, "latin1")}`;
      } catch {
        return ""; // It ended meanwhile.
      }
    });
  return stacks.join("");
}

function* recorded(commands: Iterable<Command>, played: Command[]): Iterable<Command> {
  for (const command of commands) {
    played.push(command);
    yield command;
  }
}

async function report(name: string, played: readonly Command[], found: Difference): Promise<void> {
  const differs = async (candidate: readonly Command[]) => (await arena.run(candidate)).difference !== undefined;
  const smallest = (await differs(played)) ? await shrink(played, differs) : played;
  const again = (await arena.run(smallest)).difference ?? {
    index: found.index,
    lines: ["seen once only:", ...found.lines],
  };
  console.log(`difference in ${name}:`);
  for (const command of smallest.slice(0, again.index + 1)) console.log(`  $ ${renderCommand(command)}`);
  for (const line of again.lines) console.log(`    ${line}`);
  console.log(JSON.stringify({ name, commands: smallest.slice(0, again.index + 1) }));
}

function* generated(seed: number, length: number): Iterable<Command> {
  const sequence = new Sequence(new Random(seed));
  for (let index = 0; index < length; index += 1) yield sequence.next();
}

const started = Date.now();
if (values.cases) {
  for (const { name, commands } of readCases()) await play(name, commands);
  say(`cases: ${passed} commands passed, ${failed} cases failed, ${Math.round((Date.now() - started) / 1000)} s`);
}
const sequences = Math.ceil(Number(values.count) / sequenceLength);
for (let index = 0; index < sequences; index += 1) {
  // A sequence has a seed of its own, so that it can be run again alone: --seed S --count 1.
  const seed = Number(values.seed) + index;
  await play(`seed ${seed}`, generated(seed, sequenceLength));
  if (index % 10 === 9) say(`${passed} passed, ${failed} failed, ${Math.round((Date.now() - started) / 1000)} s`);
}
for (const [kind, count] of [...answers].sort((a, b) => b[1] - a[1])) console.log(`${count}\t${kind}`);
if (departures.size > 0)
  console.log(`departures: ${[...departures].map(([name, count]) => `${count} ${name}`).join(", ")}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

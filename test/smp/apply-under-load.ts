/**
 * apply-under-load.js [OPTION...], as `apply-under-load` describes them: makes the same transitions of tables in several ways, while
 * clients connect. Runs in the director's namespace, in the network of `apply-under-load`, which starts it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Ipvs } from "ipvsadm";
import { fromRoot } from "../support/paths.js";
import { Random } from "../support/random.js";
import { judge, parseAttempts, type Verdict } from "./judge.js";
import { makeChain, ports } from "./service-chain.js";
import { makeTransition, type TransitionRecord, waysOf } from "./transitions.js";

const { values: options } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    pairs: { type: "string", default: "200" },
    controls: { type: "string", default: "20" },
    others: { type: "string", default: "0" },
    ways: { type: "string" },
    pause: { type: "string", default: "50" },
  },
});
/** Every way but that of apply must refuse clients, which shows soon. */
const pairsOf = (name: string) => Number(name === "apply" ? options.pairs : options.controls);
const addresses = ["10.0.1.100", "fd00:1::100"];
const work = mkdtempSync(`${tmpdir()}/apply-under-load.`);
const undoFolder = `${work}/undo`;

/** A client that connects until the file is there. */
class Prober {
  readonly #child: ChildProcess;

  constructor(
    private readonly address: string,
    end: string,
    private readonly log: string,
  ) {
    const script = fromRoot("test/smp/prober.pl");
    const args = ["netns", "exec", "client", "perl", script, address, ports.first, ports.count, end, log].map(String);
    this.#child = spawn("ip", args, { stdio: ["ignore", "inherit", "inherit"] });
  }

  async attempts() {
    if (this.#child.exitCode === null) await once(this.#child, "exit");
    if (this.#child.exitCode !== 0) throw new Error(`the client ended with ${this.#child.exitCode}`);
    return parseAttempts(readFileSync(this.log, "utf8"), this.address);
  }
}

async function measure(ipvs: Ipvs, name: string): Promise<Verdict> {
  const way = waysOf(undoFolder)[name];
  if (way === undefined) throw new RangeError(`there is no way '${name}'`);
  const [first = {}, ...rest] = makeChain(new Random(Number(options.seed)), pairsOf(name) + 1, Number(options.others));
  await ipvs.clear();
  await makeTransition(ipvs, way, {}, first);
  const end = `${work}/end`;
  rmSync(end, { force: true });
  const probers = addresses.map((address, index) => new Prober(address, end, `${work}/log${index}`));
  await sleep(3000);
  const records: TransitionRecord[] = [];
  let before = first;
  try {
    for (const after of rest) {
      records.push(await makeTransition(ipvs, way, before, after));
      before = after;
      await sleep(Number(options.pause));
    }
    await sleep(1000);
  } finally {
    writeFileSync(end, "");
  }
  const attempts = await Promise.all(probers.map((prober) => prober.attempts()));
  return judge(attempts.flat(), records);
}

let [passed, failed] = [0, 0];

function report(name: string, verdict: Verdict): void {
  const mustFail = name !== "apply";
  const pairs = pairsOf(name);
  const { connections, judged, during, transitions, failures, examples } = verdict;
  const count = (...outcomes: string[]) => outcomes.reduce((sum, outcome) => sum + (failures.get(outcome) ?? 0), 0);
  const total = [...failures.values()].reduce((sum, number) => sum + number, 0);
  const [refused, reset, late] = [count("refused"), count("reset"), count("timeout", "silence")];
  const isRight = mustFail ? refused > 0 : total === 0 && during > 0 && transitions >= pairs / 2;
  if (isRight) passed++;
  else failed++;
  console.log(
    `${isRight ? "ok" : "FAILED"}: ${name}: ${connections} connections; of ${judged} that had to succeed, ${during} during ` +
      `${transitions} of ${pairs} transitions: ${refused} refused, ${reset} reset, ${late} timed out, ` +
      `${total - refused - reset - late} failed otherwise`,
  );
  if (!mustFail) for (const example of examples) console.log(example);
}

const ipvs = await Ipvs.open();
try {
  const names = options.ways?.split(",") ?? Object.keys(waysOf(undoFolder));
  for (const name of names) report(name, await measure(ipvs, name));
} finally {
  await ipvs.clear();
  ipvs.close();
  if (existsSync(work)) rmSync(work, { recursive: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

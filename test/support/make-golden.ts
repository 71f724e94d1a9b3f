/**
 * Runs every row of a golden file through the original again, and prints the new file:
 *   LAB_TIMEOUT=3600 test/lab/uml node build/test/support/make-golden.js test/cases/golden.jsonl >new
 * which takes some minutes, as starting a program from this one is slow in the guest.
 * It changes the table of the kernel it runs on, so it needs a guest of its own; a new row needs only its `args`.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { GoldenRow } from "./golden.js";

const original = "/sbin/ipvsadm";

interface Answer {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(program: string, args: readonly string[], input = ""): Answer {
  const { status, stdout, stderr } = spawnSync(program, args, { input, encoding: "utf8", timeout: 10_000 });
  return { status, stdout, stderr };
}

const views = {
  save: "-Sn",
  thresholds: "-Ln --thresholds",
  timeouts: "-L --timeout",
  daemons: "-L --daemon",
} as const;

/** One shell for several commands: forking this process takes long in the guest. */
function runAll(commandLines: readonly string[]): string[] {
  const script = commandLines.map((line) => `${original} ${line} 2>/dev/null; printf '\\0'`).join("; ");
  return run("/bin/sh", ["-c", script]).stdout.split("\0");
}

function readState(): Map<string, string> {
  const texts = runAll(Object.values(views));
  return new Map(Object.keys(views).map((name, index) => [name, texts[index] ?? ""]));
}

function reset(): void {
  runAll(["-C", "--stop-daemon master", "--stop-daemon backup", "--set 900 120 300"]);
}

/** What the cases expect to find: the default interface of sync daemons, and one with the longest possible name. */
function prepareInterfaces(): void {
  for (const [index, name] of ["eth0", "abcdefghijklmno"].entries()) {
    run("/sbin/ip", ["link", "add", name, "type", "dummy"]);
    run("/sbin/ip", ["addr", "add", `192.168.${8 + index}.1/24`, "dev", name]);
    run("/sbin/ip", ["link", "set", name, "up", "multicast", "on"]);
  }
  run("/sbin/ip", ["link", "set", "lo", "multicast", "on"]);
}

function answer({ args, setup = [], stdin }: GoldenRow, empty: Map<string, string>): GoldenRow {
  for (const command of setup) run(original, command);
  const before = setup.length > 0 ? readState() : empty;
  const { status, stdout, stderr } = run(original, args, stdin);
  // A command line that the grammar refuses changes nothing.
  const after = status === 2 && stdin === undefined ? before : readState();
  const changed = [...after].filter(([name, text]) => text !== before.get(name));
  if (changed.length > 0 || setup.length > 0) reset();
  return {
    args,
    ...(setup.length > 0 && { setup }),
    ...(stdin !== undefined && { stdin }),
    status,
    ...(stdout !== "" && { stdout }),
    ...(stderr !== "" && { stderr }),
    ...Object.fromEntries(changed),
  };
}

const [, , file = ""] = process.argv;
run("/sbin/modprobe", ["ip_vs"]);
run("/sbin/modprobe", ["dummy", "numdummies=0"]);
prepareInterfaces();
reset();
const empty = readState();
for (const line of readFileSync(file, "utf8").trimEnd().split("\n")) {
  const row: GoldenRow = JSON.parse(line);
  console.log(JSON.stringify(answer(row, empty)));
}

// native.mjs [--cases REGEXP] [--programs small,pair,full,node] [--runs FACTOR] [--out FOLDER]: compares ours with the C program on
// a stand-in for the kernel, so that only what programs cost by themselves counts. Prints a table of medians and ratios to
// the C program, and writes native-stand-in.json with every sample. Programs run in turn. Needs gcc, dist and the two
// executables; it builds a pair of its own, of which the small one knows where the full one is.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { buildStandIn, runInTurn, writeConnections, writeTable } from "./stand-in.mjs";

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "" },
    programs: { type: "string", default: "small,pair,full,node" },
    runs: { type: "string", default: "1" },
    out: { type: "string", default: "build/bench" },
  },
});
const root = new URL("../..", import.meta.url).pathname;
const out = values.out.startsWith("/") ? values.out : `${root}${values.out}`;
mkdirSync(out, { recursive: true });

buildStandIn(out);
execFileSync(`${root}scripts/build-small`, [`${out}/pair`, `${root}dist/standalone/ipvsadm`]);
execFileSync(`${root}scripts/build-small`, [`${out}/small`, "/nonexistent"]);

const paths = {
  C: "/sbin/ipvsadm",
  small: `${out}/small/ipvsadm`,
  pair: `${out}/pair/ipvsadm`,
  full: `${root}dist/standalone/ipvsadm`,
};
const programs = { ...paths, node: `${root}bin/ipvsadm.js` };
const chosen = ["C", ...values.programs.split(",")];

const empty = "0x0";
const cases = [
  ["-Ln, empty", empty, 60, ["-Ln"]],
  ["-A", empty, 60, ["-A", "-t", "10.0.0.1:80", "-s", "rr"]],
  ["-e", empty, 60, ["-e", "-t", "10.0.0.1:80", "-r", "10.0.0.2", "-m", "-w", "3"]],
  ["-Ln, 10 x 10", "10x10", 60, ["-Ln"]],
  ["-Ln, 100 x 100", "100x100", 15, ["-Ln"]],
  ["-Ln, 1,000 x 10", "1000x10", 15, ["-Ln"]],
  ["-Ln, 5,000 x 10", "5000x10", 7, ["-Ln"]],
  ["-Ln --stats, 10 x 10", "10x10", 30, ["-Ln", "--stats"]],
  ["-Ln --stats, 1,000 x 10", "1000x10", 7, ["-Ln", "--stats"]],
  ["-Sn, 1,000 x 10", "1000x10", 15, ["-Sn"]],
  ["-R, 10 x 10", "10x10", 30, ["-R"]],
  ["-R, 1,000 x 10", "1000x10", 7, ["-R"]],
  ["-Lnc, 10,000 connections", empty, 15, ["-Lnc"]],
  ["watch --json, 10,000 x 2", "10000x2", 3, ["watch", "--json", "--count", "2", "--interval", "0.1"]],
];

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const samples = [];
const lines = [["case", "C", ...chosen.slice(1).flatMap((name) => [name, `${name}/C`])]];
for (const [name, table, runs, args] of cases) {
  if (!new RegExp(values.cases).test(name)) continue;
  const able = chosen.filter((program) => args[0] !== "watch" || (program !== "C" && program !== "small"));
  const folder = writeTable(out, ...table.split("x").map(Number));
  writeConnections(folder, args[0] === "-Lnc" ? 10_000 : 0);
  const rows = runInTurn(out, {
    table,
    folder,
    runs: Math.max(3, Math.round(runs * Number(values.runs))),
    programs: able.map((program) => programs[program]),
    args,
    input: args[0] === "-R" ? `${folder}/rules` : undefined,
  });
  for (const { program, ...sample } of rows) samples.push({ case: name, program: able[program], ...sample });
  const of = (program, field) =>
    median(
      samples.filter((sample) => sample.case === name && sample.program === program).map((sample) => sample[field]),
    );
  const base = able.includes("C") ? of("C", "wall") : undefined;
  const line = [name, base === undefined ? "-" : `${base.toFixed(2)} ms`];
  for (const program of chosen.slice(1)) {
    if (!able.includes(program)) {
      line.push("-", "-");
      continue;
    }
    const wall = of(program, "wall");
    line.push(`${wall.toFixed(2)} ms`, base === undefined ? "-" : (wall / base).toFixed(2));
  }
  lines.push(line);
  const memory = able.map((program) => `${program} ${(of(program, "memory") / 1024).toFixed(1)}`).join(", ");
  const processor = able.map((program) => `${program} ${of(program, "processor").toFixed(2)}`).join(", ");
  console.error(`${name}: memory in MiB: ${memory}; processor time in ms: ${processor}`);
}
writeFileSync(`${out}/native-stand-in.json`, JSON.stringify(samples));
const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
for (const line of lines)
  console.log(
    line
      .map((cell, column) => cell.padEnd(widths[column]))
      .join("  ")
      .trimEnd(),
  );

// native.mjs [--cases REGEXP] [--programs pair,full,node] [--runs FACTOR] [--out FOLDER]: compares ours with the C program on
// a stand-in for the kernel, so that only what programs cost by themselves counts. Prints a table of medians and ratios to
// the C program, and writes native-stand-in.json with every sample. Programs run in turn. Needs gcc, dist and the two
// executables; it builds a pair of its own, of which the small one knows where the full one is.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "" },
    programs: { type: "string", default: "pair,full,node" },
    runs: { type: "string", default: "1" },
    out: { type: "string", default: "build/bench" },
  },
});
const root = new URL("../..", import.meta.url).pathname;
const out = values.out.startsWith("/") ? values.out : `${root}${values.out}`;
mkdirSync(out, { recursive: true });

execFileSync("gcc", ["-shared", "-fPIC", "-O2", "-o", `${out}/stand-in.so`, `${root}test/bench/stand-in.c`, "-ldl"]);
execFileSync("gcc", ["-O2", "-o", `${out}/turns`, `${root}test/bench/turns.c`]);
execFileSync(`${root}scripts/build-small`, [`${out}/pair`, `${root}dist/standalone/ipvsadm`]);

const paths = { C: "/sbin/ipvsadm", pair: `${out}/pair/ipvsadm`, full: `${root}dist/standalone/ipvsadm` };
const programs = { ...paths, node: `${root}bin/ipvsadm.js` };
const chosen = ["C", ...values.programs.split(",")];

const hex = (number, digits) => number.toString(16).toUpperCase().padStart(digits, "0");
const serviceAddress = (index) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
const serverAddress = (index) => `172.16.${index >> 8}.${index & 255}`;

/** The files of /proc/net for a table, and the rules that make it. */
function prepare(services, servers) {
  const folder = `${out}/proc-${services}x${servers}`;
  mkdirSync(folder, { recursive: true });
  const rows = [
    "IP Virtual Server version 1.2.1 (size=4096)",
    "Prot LocalAddress:Port Scheduler Flags",
    "  -> RemoteAddress:Port Forward Weight ActiveConn InActConn",
  ];
  const rules = [];
  for (let i = 0; i < services; i++) {
    rows.push(`TCP  ${hex(0x0a000000 + i, 8)}:0050 wlc  `);
    rules.push(`-A -t ${serviceAddress(i)}:80 -s wlc`);
    for (let j = 0; j < servers; j++) {
      rows.push(`  -> ${hex(0xac100000 + j, 8)}:0050      Masq    1      0          0         `);
      rules.push(`-a -t ${serviceAddress(i)}:80 -r ${serverAddress(j)}:80 -m -w 1`);
    }
  }
  writeFileSync(`${folder}/ip_vs`, `${rows.join("\n")}\n`);
  writeFileSync(`${folder}/rules`, `${rules.join("\n")}\n`);
  return folder;
}

/** A list of connections, as the kernel writes it. */
function writeConnections(folder, count) {
  const title = "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData";
  const rows = Array.from({ length: count }, (_, i) => {
    const client = `${hex(0xc0000200 + (i & 255), 8)} ${hex(1024 + (i % 60000), 4)}`;
    return `TCP ${client} 0A000000 0050 AC1000${hex(i & 7, 2)} 0050 ESTABLISHED ${String(i % 900).padStart(7)}`;
  });
  writeFileSync(`${folder}/ip_vs_conn`, `${[title, ...rows].join("\n")}\n`);
}

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
];

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const samples = [];
const lines = [["case", "C", ...chosen.slice(1).flatMap((name) => [name, `${name}/C`])]];
for (const [name, table, runs, args] of cases) {
  if (!new RegExp(values.cases).test(name)) continue;
  const folder = prepare(...table.split("x").map(Number));
  writeConnections(folder, args[0] === "-Lnc" ? 10_000 : 0);
  const count = Math.max(3, Math.round(runs * Number(values.runs)));
  const command = [String(count), args[0] === "-R" ? `${folder}/rules` : "/dev/null", String(chosen.length)];
  const printed = execFileSync(`${out}/turns`, [...command, ...chosen.map((program) => programs[program]), ...args], {
    env: { ...process.env, PRELOAD: `${out}/stand-in.so`, STAND_IN_TABLE: table, STAND_IN_PROC: folder },
    encoding: "utf8",
  });
  const rows = printed.trimEnd().split("\n");
  for (const row of rows) {
    const [program, wall, processor, memory, status] = row.split(" ").map(Number);
    if (status !== 0) throw new Error(`${name}: ${chosen[program]} ended with ${status}`);
    samples.push({ case: name, program: chosen[program], wall: wall / 1e6, processor: processor / 1e3, memory });
  }
  const of = (program, field) =>
    median(
      samples.filter((sample) => sample.case === name && sample.program === program).map((sample) => sample[field]),
    );
  const base = of("C", "wall");
  const line = [name, `${base.toFixed(2)} ms`];
  for (const program of chosen.slice(1)) {
    line.push(`${of(program, "wall").toFixed(2)} ms`, (of(program, "wall") / base).toFixed(2));
  }
  lines.push(line);
  const memory = chosen.map((program) => `${program} ${(of(program, "memory") / 1024).toFixed(1)}`).join(", ");
  const processor = chosen.map((program) => `${program} ${of(program, "processor").toFixed(2)}`).join(", ");
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

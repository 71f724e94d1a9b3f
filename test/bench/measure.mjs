// measure.mjs native|guest OPTION...: runs the cases of one place, the programs in turn, and writes OUT/PLACE.json.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, release, tmpdir } from "node:os";
import { parseArgs } from "node:util";

const { values: options, positionals } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  options: {
    sizes: { type: "string", default: "1000x10,5000x10,100x100" },
    connections: { type: "string", default: "500000" },
    runs: { type: "string", default: "3" },
    growth: { type: "string", default: "" },
    out: { type: "string", default: "build/bench" },
  },
});
const [place] = positionals;
const runs = Number(options.runs);
const project = new URL("../../", import.meta.url).pathname;
const work = `${tmpdir()}/bench.${process.pid}`;
mkdirSync(work, { recursive: true });

const programs = {
  c: ["/sbin/ipvsadm"],
  standalone: [`${project}dist/standalone/ipvsadm`],
  node: [process.execPath, `${project}bin/ipvsadm.js`],
};

/** Runs a command whose output is thrown away; seconds of wall and processor time, and peak memory in KiB. */
function measure(command, { input = "/dev/null", setUp = "" } = {}) {
  const report = `${work}/time`;
  const script = `${setUp} exec "$@" <${input} >${work}/output 2>${work}/error`;
  const timed = ["-q", "-o", report, "-f", "%e %U %S %M", "bash", "-c", script, "bash", ...command];
  const { status } = spawnSync("/usr/bin/time", timed, { stdio: "inherit" });
  const [wall, user, system, memory] = readFileSync(report, "latin1").trim().split("\n").pop().split(" ").map(Number);
  return { wall, cpu: user + system, memory, status };
}

const median = (numbers) => numbers.toSorted((first, second) => first - second)[numbers.length >> 1];

/** Every way in turn, some times; the medians. A way is its measurement as a function. */
function compare(name, ways, times = runs) {
  const samples = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
  for (let round = 0; round < times; round++) {
    for (const [way, run] of Object.entries(ways)) samples[way].push(run());
  }
  const results = {};
  for (const [way, list] of Object.entries(samples)) {
    const of = (field) => median(list.map((sample) => sample[field]));
    results[way] = {
      wall: of("wall"),
      cpu: of("cpu"),
      memory: of("memory"),
      statuses: [...new Set(list.map(({ status }) => status))],
    };
  }
  console.error(`${name}: ${JSON.stringify(results)}`);
  return { name, times, results };
}

const each = (run) => Object.fromEntries(Object.entries(programs).map(([way, command]) => [way, () => run(command)]));
const times = (count, command) => ["bash", "-c", `for ((i = 0; i < ${count}; i++)); do "$@"; done`, "bash", ...command];

/** The sum of several starts: one is too short for the clock of time(1). */
const starts = 20;
const cold = (...words) => ({
  ...each((command) => measure(times(starts, [...command, ...words]))),
  "node -e 0": () => measure(times(starts, [process.execPath, "-e", "0"])),
});

function writeRules(services, servers) {
  const path = `${work}/rules-${services}x${servers}`;
  const lines = [];
  for (let index = 0; index < services; index++) {
    const service = `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}:80`;
    lines.push(`-A -t ${service} -s wlc`);
    for (let server = 0; server < servers; server++) {
      lines.push(`-a -t ${service} -r 172.16.${index % 250}.${server + 1}:80 -m -w ${server % 7}`);
    }
  }
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

/**
 * Restores into a fresh network namespace each: the kernel remembers deleted servers for minutes, and looks through them all
 * for each new one.
 */
function restore(command, rules) {
  return measure(["unshare", "-n", "bash", "-c", 'ip link set lo up; exec "$@"', "bash", ...command, "-R"], {
    input: rules,
  });
}

function tableCases(size, count = runs) {
  const [services, servers] = size.split("x").map(Number);
  const rules = writeRules(services, servers);
  const cases = [
    compare(
      `restore ${size}`,
      each((command) => restore(command, rules)),
      count,
    ),
  ];
  spawnSync(programs.standalone[0], ["-C"]);
  measure([...programs.standalone, "-R"], { input: rules });
  for (const words of [["-Ln"], ["-Ln", "--stats"], ["-Sn"]]) {
    cases.push(
      compare(
        `${words.join(" ")} ${size}`,
        each((command) => measure([...command, ...words])),
        count,
      ),
    );
  }
  const watch = (command) => measure([...command, "watch", "--count", "1", "--json"]);
  cases.push(
    compare(
      `one refresh ${size} (C: -Ln --stats)`,
      {
        c: () => measure([...programs.c, "-Ln", "--stats"]),
        standalone: () => watch(programs.standalone),
        node: () => watch(programs.node),
      },
      count,
    ),
  );
  spawnSync(programs.standalone[0], ["-C"]);
  return cases;
}

/** A file in the layout of /proc/net/ip_vs_conn stands in its place for the one process. */
function connectionCase(count) {
  const folder = `${work}/net`;
  mkdirSync(folder);
  const hex = (number, width) => number.toString(16).toUpperCase().padStart(width, "0");
  const lines = ["Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData"];
  for (let index = 0; index < count; index++) {
    const client = (index * 2654435761) >>> 0;
    lines.push(
      `TCP ${hex(client, 8)} ${hex(1024 + (index % 60000), 4)} ${hex(0x0a000001 + (index % 5000), 8)} 0050 ` +
        `${hex(0xac100000 + (index % 50000), 8)} 0050 ESTABLISHED ${String(index % 900).padStart(7)}`,
    );
  }
  writeFileSync(`${folder}/ip_vs_conn`, `${lines.join("\n")}\n`);
  const setUp = `mount --bind ${folder} /proc/$$/net;`;
  return compare(
    `-Lnc of ${count}`,
    each((command) => measure([...command, "-Lnc"], { setUp })),
  );
}

const cases = [];
if (place === "guest") {
  spawnSync("modprobe", ["ip_vs"], { stdio: "inherit" });
  cases.push(compare(`${starts} x -Ln, empty table`, cold("-Ln")));
  for (const size of options.sizes.split(",").filter(Boolean)) cases.push(...tableCases(size));
  for (const services of options.growth.split(",").filter(Boolean)) cases.push(...tableCases(`${services}x10`, 1));
  if (Number(options.connections) > 0) cases.push(connectionCase(Number(options.connections)));
} else {
  cases.push(compare(`${starts} x --version`, cold("--version"), Math.max(runs, 5)));
}
const machine = { kernel: release(), processor: cpus()[0]?.model ?? "", processors: availableParallelism() };
const document = { place, date: new Date().toISOString(), node: process.version, machine, cases };
writeFileSync(`${options.out}/${place}.json`, JSON.stringify(document, null, 2));

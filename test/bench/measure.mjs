// measure.mjs PLACE OPTION...: for Bun. Runs the cases of one place, the programs in turn, and writes OUT/PLACE.json.

import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, release } from "node:os";
import { parseArgs } from "node:util";
import { spawnSync } from "bun";
import { freshNetwork, measure, measureMemory, start, work } from "./clock.mjs";
import { places, programs, runtimes } from "./plan.mjs";

const { values: options, positionals } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  options: {
    places: { type: "string" },
    sizes: { type: "string" },
    connections: { type: "string", default: "500000" },
    runs: { type: "string", default: "3" },
    starts: { type: "string", default: "20" },
    patience: { type: "string", default: "60" },
    cases: { type: "string", default: "" },
    out: { type: "string", default: "build/bench" },
  },
});
const [place] = positionals;
const runs = Number(options.runs);
const starts = Number(options.starts);
const wanted = new RegExp(options.cases);

const median = (numbers) => numbers.toSorted((first, second) => first - second)[numbers.length >> 1];
const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const mapValues = (object, map) =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value, key)]));

/** A case under its name, which `--cases` may leave out: nothing or one element, so that cases are joined by spreading. */
function compare(name, resultsOf) {
  if (!wanted.test(name)) return [];
  const results = mapValues(resultsOf(), ({ memory, samples }) => ({
    wall: median(samples.map(({ wall }) => wall)),
    cpu: median(samples.map(({ cpu }) => cpu)),
    memory,
    samples,
  }));
  const line = Object.entries(results).map(([way, { cpu, wall }]) => `${way} ${cpu.toFixed(4)} (${wall.toFixed(4)})`);
  console.error(`${place}: ${name}: processor time (wall time): ${line.join(", ")}`);
  return [{ name, results }];
}

/**
 * Runs of several ways, in turn. A way is a function of how to measure. The first run gives the memory and warms the caches; its
 * time counts only where it took longer than anybody's patience, since there is no other then.
 */
function inTurn(ways) {
  const first = mapValues(ways, (run) => run(measureMemory));
  const samples = mapValues(first, (sample) => (sample.wall > Number(options.patience) ? [sample] : []));
  const repeated = Object.keys(ways).filter((way) => samples[way].length === 0);
  for (let round = 0; round < runs; round++) {
    for (const way of repeated) samples[way].push(ways[way](measure));
  }
  return mapValues(first, ({ memory }, way) => ({ memory, samples: samples[way] }));
}

/** Like `inTurn`, the same for all programs. They must succeed and agree: the time of a wrong answer means nothing. */
function alike(run) {
  const results = inTurn(mapValues(programs, (command) => (how) => run(how, command)));
  const samples = Object.values(results).flatMap((result) => result.samples);
  if (samples.some(({ status, digest }) => status !== 0 || digest !== samples[0].digest)) {
    throw new Error(`a program failed, or the answers differ: ${JSON.stringify(results)}`);
  }
  return results;
}

/** A start is short, so a sample is the mean of many, the programs in turn after each. */
function startCase(words) {
  const commands = mapValues(programs, (command) => [...command, words]);
  for (const [name, runtime] of Object.entries(runtimes)) {
    if ((runtime.words ?? words) === words) commands[name] = runtime.command(options.out);
  }
  return compare(`start ${words}`, () => {
    const results = mapValues(commands, (command) => ({ memory: measureMemory(command).memory, samples: [] }));
    for (let round = 0; round < runs; round++) {
      const single = mapValues(commands, () => []);
      for (let count = 0; count < starts; count++) {
        for (const [way, command] of Object.entries(commands)) single[way].push(start(command));
      }
      for (const [way, list] of Object.entries(single)) {
        results[way].samples.push({
          wall: mean(list.map(({ wall }) => wall)),
          cpu: mean(list.map(({ cpu }) => cpu)),
          status: list[0].status,
        });
      }
    }
    return results;
  });
}

/** Servers of one service differ, however many it has; those of different services may be the same. */
function addressOf(service, server) {
  const number = (service % 250) * 256 + server + 1;
  return `172.${16 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`;
}

function writeRules(services, servers) {
  const path = `${work}/rules-${services}x${servers}`;
  const lines = [];
  for (let index = 0; index < services; index++) {
    const service = `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}:80`;
    lines.push(`-A -t ${service} -s wlc`);
    for (let server = 0; server < servers; server++) {
      lines.push(`-a -t ${service} -r ${addressOf(index, server)}:80 -m -w ${server % 7}`);
    }
  }
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

/**
 * Changes of one server in a hundred: those of every hundredth service get other weights. `rules` is the table after it; `edits` are
 * the lines that make it, and `back` those that take it back.
 */
function writeChanges(path, servers) {
  const lines = readFileSync(path, "utf8").split("\n");
  const isChanged = (_, index) => Math.floor(index / (servers + 1)) % 100 === 0;
  const heavier = (line) => line.replace(/^-a (.* -w )/, "-a $11");
  const edits = lines.filter((line, index) => line.startsWith("-a") && isChanged(line, index));
  const write = (name, content) => {
    writeFileSync(`${path}.${name}`, `${content.join("\n")}\n`);
    return `${path}.${name}`;
  };
  const toEdit = (line) => line.replace(/^-a/, "-e");
  return {
    rules: write(
      "changed",
      lines.filter(Boolean).map((line, index) => (isChanged(line, index) ? heavier(line) : line)),
    ),
    edits: write("edits", edits.map(heavier).map(toEdit)),
    back: write("back", edits.map(toEdit)),
  };
}

function checked(sample) {
  if (sample.status !== 0) throw new Error(`a program ended with ${sample.status}`);
  return sample;
}

function tableCases(size) {
  const [services, servers] = size.split("x").map(Number);
  const rules = writeRules(services, servers);
  const restore = (how, command) => {
    freshNetwork();
    return how([...command, "-R"], rules);
  };
  let restored = false;
  const withTable = (name, resultsOf) =>
    compare(`${name} ${size}`, () => {
      if (!restored && restore(measure, programs.standalone).status !== 0) throw new Error(`no table of ${size}`);
      restored = true;
      return resultsOf();
    });
  const listing = (words) => withTable(words, () => alike((how, command) => how([...command, ...words.split(" ")])));
  const diff = (command) => (how) => checked(how([...command, "diff", "-f", rules]));
  /** Each run starts from the table that the rules make. */
  const applyCase = () => {
    const changes = writeChanges(rules, servers);
    const again = (run) => (how) => {
      checked(measure([...programs.standalone, "-R"], changes.back));
      return checked(run(how));
    };
    const apply = (command) => {
      return again((how) => how([...command, "apply", "-f", changes.rules, "--undo-folder", `${work}/undo`]));
    };
    return inTurn({
      // It cannot compare: this is the time of the edits alone, which somebody else has found.
      c: again((how) => how([...programs.c, "-R"], changes.edits)),
      standalone: apply(programs.standalone),
      node: apply(programs.node),
    });
  };
  const watch = (command) => (how) => how([...command, "watch", "--count", "1", "--json"]);

  return [
    ...compare(`restore ${size}`, () => alike(restore)),
    ...listing("-Ln"),
    ...listing("-Ln --stats"),
    ...listing("-Sn"),
    ...withTable("refresh", () =>
      inTurn({
        // It has no such thing; this is what it prints of the same facts.
        c: (how) => how([...programs.c, "-Ln", "--stats"]),
        standalone: watch(programs.standalone),
        node: watch(programs.node),
      }),
    ),
    // What somebody compares by hand with the C program.
    ...withTable("diff", () =>
      inTurn({
        c: (how) => how([...programs.c, "-Sn"]),
        standalone: diff(programs.standalone),
        node: diff(programs.node),
      }),
    ),
    ...withTable("apply", applyCase),
  ];
}

/** As many lines as asked for, in the layout of /proc/net/ip_vs_conn. */
function writeConnections(count, path) {
  const hex = (number, width) => number.toString(16).toUpperCase().padStart(width, "0");
  const lines = ["Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData"];
  for (let index = 0; index < count; index++) {
    const client = (index * 2654435761) >>> 0;
    lines.push(
      `TCP ${hex(client, 8)} ${hex(1024 + (index % 60000), 4)} ${hex(0x0a000001 + (index % 5000), 8)} 0050 ` +
        `${hex(0xac100000 + (index % 50000), 8)} 0050 ESTABLISHED ${String(index % 900).padStart(7)}`,
    );
  }
  writeFileSync(path, `${lines.join("\n")}\n`);
}

/** The list of connections is a file, in a /proc whose other files are the kernel's. */
function connectionCase(count) {
  return compare(`-Lnc ${count}`, () => {
    const [kernels, ours] = [`${work}/kernels`, `${work}/proc`];
    mkdirSync(kernels);
    mkdirSync(`${ours}/net`, { recursive: true });
    writeConnections(count, `${ours}/net/ip_vs_conn`);
    for (const name of readdirSync("/proc")) {
      if (name !== "net" && !/^\d/.test(name)) symlinkSync(`${kernels}/${name}`, `${ours}/${name}`);
    }
    spawnSync(["mount", "--bind", "/proc", kernels]);
    spawnSync(["mount", "--bind", ours, "/proc"]);
    const results = alike((how, command) => how([...command, "-Lnc"]));
    spawnSync(["umount", "/proc"]);
    spawnSync(["umount", kernels]);
    return results;
  });
}

function casesOf() {
  const cases = [...(place === "native" ? startCase("--version") : []), ...startCase("-Ln")];
  if (place === "native") return cases;
  const sizes = options.sizes?.split(",").filter(Boolean) ?? places[place].sizes;
  cases.push(...sizes.flatMap(tableCases));
  if (Number(options.connections) > 0) cases.push(...connectionCase(Number(options.connections)));
  return cases;
}

try {
  if (place !== "native") spawnSync(["modprobe", "ip_vs"], { stdio: ["ignore", "inherit", "inherit"] });
  const machine = { kernel: release(), processor: cpus()[0]?.model ?? "", processors: availableParallelism() };
  const node = spawnSync([programs.node[0], "--version"]).stdout.toString().trim();
  const document = { place, date: new Date().toISOString(), runs, node, bun: Bun.version, machine, cases: casesOf() };
  writeFileSync(`${options.out}/${place}.json`, JSON.stringify(document, null, 2));
} finally {
  rmSync(work, { recursive: true });
}

// report.mjs FOLDER: the table of what measure.mjs wrote there, as text and as bench.json, and how cost grows with the table.
import { readFileSync, writeFileSync } from "node:fs";

const [folder] = process.argv.slice(2);
const places = ["native", "guest"].map((place) => JSON.parse(readFileSync(`${folder}/${place}.json`, "utf8")));

const row = (name, ...cells) => `${name.padEnd(44)}${cells.map((cell) => String(cell).padStart(13)).join("")}`;
const ratio = (results, way, base) =>
  results[way] && results[base]?.cpu > 0 ? (results[way].cpu / results[base].cpu).toFixed(2) : "-";
const time = (result) => (result ? `${result.cpu.toFixed(2)} s` : "-");
const memory = (result) => (result ? `${(result.memory / 1024).toFixed(0)} MiB` : "-");

const lines = [];
for (const { place, date, node, machine, cases } of places) {
  lines.push(
    `${place}: ${date.slice(0, 10)}, ${machine.processors} x ${machine.processor}, Linux ${machine.kernel}, Node ${node}`,
  );
  lines.push(row("processor time, medians", "C", "standalone", "Node", "standalone/C", "Node/C", "peak (alone)"));
  for (const { name, results } of cases) {
    const { c, standalone, node: ours } = results;
    lines.push(
      row(
        name,
        time(c),
        time(standalone),
        time(ours),
        ratio(results, "standalone", "c"),
        ratio(results, "node", "c"),
        memory(standalone),
      ),
    );
    if (results["node -e 0"]) {
      lines.push(
        row(
          "  of which node -e 0, and Node/that",
          time(results["node -e 0"]),
          "",
          "",
          "",
          ratio(results, "node", "node -e 0"),
        ),
      );
    }
  }
  lines.push("");
}

/** Bars for the restores and listings of tables with ten servers a service, by their size. */
const growth = places[1].cases.filter(({ name }) => /^(restore|-Ln) \d+x10$/.test(name));
const longest = Math.max(...growth.flatMap(({ results }) => [results.c.cpu, results.standalone.cpu]));
const bars = growth.flatMap(({ name, results }) =>
  ["c", "standalone"].map((way) => {
    const width = Math.max(1, Math.round((50 * results[way].cpu) / longest));
    return `${name.padEnd(18)} ${way.padEnd(10)} ${"#".repeat(width)} ${results[way].cpu.toFixed(2)} s`;
  }),
);
writeFileSync(`${folder}/growth.txt`, `${bars.join("\n")}\n`);
writeFileSync(`${folder}/bench.json`, JSON.stringify(places, null, 2));
console.log([...lines, ...bars].join("\n"));

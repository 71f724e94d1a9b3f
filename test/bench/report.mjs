// report.mjs FOLDER: for Bun. The tables of what measure.mjs wrote there, as text and as bench.json, and growth.svg.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { drawGrowth, growthOf } from "./growth.mjs";
import { musts, places, runtimes } from "./plan.mjs";

const [folder] = process.argv.slice(2);
const measured = Object.keys(places)
  .map((place) => `${folder}/${place}.json`)
  .filter((path) => existsSync(path))
  .map((path) => JSON.parse(readFileSync(path, "utf8")));

const runs = Math.max(...measured.map((each) => each.runs));
const once = ({ samples }) => (samples.length < runs ? " *" : "");
const seconds = (result) => {
  if (!result) return "";
  const { cpu } = result;
  return (cpu < 0.1 ? `${(cpu * 1000).toFixed(1)} ms` : `${cpu.toFixed(2)} s`) + once(result);
};
const ratio = (field, result, base) => (result && base?.[field] > 0 ? (result[field] / base[field]).toFixed(2) : "");
const mebibytes = (result) => (result?.memory ? `${(result.memory / 1024).toFixed(0)} MiB` : "");
const mustOf = (place, name, way, base) =>
  musts.find(
    (must) =>
      (must.place ?? place) === place &&
      must.name === name &&
      (must.way ?? "standalone") === way &&
      (must.base ?? "c") === base,
  );

/** A Markdown table whose columns are also aligned as text. */
function table(head, rows) {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`;
  return [line(head), `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`, ...rows.map(line)];
}

/** One program beside its base, with what must hold of the two. */
function compared(place, { name, results }, way, base) {
  const must = mustOf(place, name, way, base);
  return [
    ratio("cpu", results[way], results[base]),
    ratio("wall", results[way], results[base]),
    must?.ratio ? `<= ${must.ratio}` : "",
    mebibytes(results[way]),
    must?.memory ? `<= ${must.memory} MiB` : "",
  ];
}

const lines = [];
for (const { place, date, node, bun, machine, cases } of measured) {
  lines.push(
    `${places[place].title}: ${date.slice(0, 10)}, ${machine.processors} x ${machine.processor}, Linux ${machine.kernel}, ` +
      `Node ${node.replace(/^v/, "")}, Bun ${bun}`,
    "",
    ...table(
      ["Case", "C", "standalone", "Node", "standalone/C", "by wall time", "must", "memory", "must"],
      cases.map((each) => [
        `${place}: ${each.name}`,
        ...["c", "standalone", "node"].map((way) => seconds(each.results[way])),
        ...compared(place, each, "standalone", "c"),
      ]),
    ),
    "",
  );
  for (const [name, { way }] of Object.entries(runtimes)) {
    const starts = cases.filter(({ results }) => results[name]);
    if (starts.length === 0) continue;
    lines.push(
      ...table(
        ["Case", name, way, `${way}/that`, "by wall time", "must", "memory"],
        starts.map((each) => [
          `${place}: ${each.name}`,
          seconds(each.results[name]),
          seconds(each.results[way]),
          ...compared(place, each, way, name).slice(0, 4),
        ]),
      ),
      "",
    );
  }
}
if (measured.some(({ cases }) => cases.some(({ results }) => Object.values(results).some(once))))
  lines.push("* one run, for it took long", "");

const growth = measured.map(growthOf).find(({ sizes }) => sizes.length > 1);
if (growth) {
  lines.push(
    `Growth with the table, ${places[growth.place].title}`,
    "",
    ...table(
      ["Services, ten servers each", ...growth.curves.flatMap(({ name }) => [`${name}, C`, "standalone", "ratio"])],
      growth.sizes.map((services, index) => [
        String(services),
        ...growth.curves.flatMap(({ results }) => {
          const { c, standalone } = results[index];
          return [seconds(c), seconds(standalone), ratio("cpu", standalone, c)];
        }),
      ]),
    ),
  );
  writeFileSync(`${folder}/growth.svg`, drawGrowth(growth));
}
writeFileSync(`${folder}/bench.json`, JSON.stringify(measured, null, 2));
console.log(lines.join("\n"));

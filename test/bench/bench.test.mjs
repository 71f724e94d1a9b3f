// The benchmark itself, with tables so small that it takes seconds: that it measures, not what.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

const run = new URL("run", import.meta.url).pathname;

function bench(context, ...options) {
  const out = mkdtempSync(join(tmpdir(), "bench-"));
  context.after(() => rmSync(out, { recursive: true }));
  const { status, stdout, stderr } = spawnSync(run, [...options, "--runs", "1", "--starts", "1", "--out", out], {
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  return { out, table: stdout, places: JSON.parse(readFileSync(join(out, "bench.json"), "utf8")) };
}

function namesOf(places) {
  return Object.fromEntries(places.map(({ place, cases }) => [place, cases.map(({ name }) => name)]));
}

test("every case of two places, as a table and as JSON", (context) => {
  const { table, places } = bench(context, "--places", "native,uml", "--sizes", "2x2", "--connections", "50");
  const expected = {
    native: ["start --version", "start -Ln"],
    uml: [
      "start -Ln",
      "restore 2x2",
      "-Ln 2x2",
      "-Ln --stats 2x2",
      "-Sn 2x2",
      "refresh 2x2",
      "diff 2x2",
      "apply 2x2",
      "-Lnc 50",
    ],
  };
  assert.deepEqual(namesOf(places), expected);
  for (const { place, cases } of places) {
    for (const { name, results } of cases) {
      for (const program of ["c", "standalone", "node"]) {
        assert.ok(results[program].wall > 0, `${place} ${name} ${program}`);
        assert.ok(results[program].memory > 1024, `${place} ${name} ${program}`);
      }
      assert.ok(table.includes(`| ${place}: ${name} `), `${place} ${name}`);
    }
  }
});

test("only the cases that are asked for, and how their cost grows", (context) => {
  const sizes = ["--sizes", "1x10,2x10", "--connections", "0"];
  const { out, places } = bench(context, "--places", "uml", ...sizes, "--cases", "^(restore|-Ln) [0-9]");
  assert.deepEqual(namesOf(places), { uml: ["restore 1x10", "-Ln 1x10", "restore 2x10", "-Ln 2x10"] });
  assert.match(readFileSync(join(out, "growth.svg"), "utf8"), /^<svg /);
});

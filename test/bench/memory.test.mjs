// The memory that a large table takes: a watcher runs for weeks on a director.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { buildStandIn, runInTurn, writeTable } from "./stand-in.mjs";

const executable = new URL("../../dist/standalone/ipvsadm", import.meta.url).pathname;

test("refreshes of 10,000 services with two servers each, as JSON, take at most 160 MiB", (context) => {
  const out = mkdtempSync(join(tmpdir(), "memory-"));
  context.after(() => rmSync(out, { recursive: true }));
  buildStandIn(out);
  const [run] = runInTurn(out, {
    table: "10000x2",
    folder: writeTable(out, 10_000, 2),
    runs: 1,
    programs: [executable],
    args: ["watch", "--json", "--count", "5", "--interval", "0.1"],
  });
  const mebibytes = run.memory / 1024;
  context.diagnostic(`${mebibytes.toFixed(0)} MiB`);
  assert.ok(mebibytes > 60 && mebibytes <= 160, `${mebibytes} MiB`);
});

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readChunks, readText } from "../../src/proc/read.js";
import { nodeSystemCalls } from "../../src/runtime/node.js";

test("files are read whole or in pieces", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "proc-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const content = Buffer.alloc(700_000, "abc\xff", "latin1");
  writeFileSync(join(folder, "ip_vs_conn"), content);
  const pieces = Array.from(readChunks(nodeSystemCalls, "ip_vs_conn", folder), (piece) => Buffer.from(piece));
  assert.ok(pieces.length > 1);
  assert.ok(Buffer.concat(pieces).equals(content));
  assert.equal(readText(nodeSystemCalls, "ip_vs_conn", folder), content.toString("latin1"));
  assert.throws(() => readText(nodeSystemCalls, "ip_vs_stats", folder), { code: "ENOENT" });
  assert.throws(() => [...readChunks(nodeSystemCalls, "ip_vs_stats", folder)], {
    message: `cannot open file ${folder}/ip_vs_stats`,
  });
});

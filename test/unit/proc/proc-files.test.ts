import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { nodeSystemCalls } from "../../../src/platform/node-calls.js";
import { ProcFiles } from "../../../src/proc/proc-files.js";

test("files are read whole or in pieces", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "proc-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const proc = new ProcFiles(nodeSystemCalls, folder);
  const content = Buffer.alloc(700_000, "abc\xff", "latin1");
  writeFileSync(join(folder, "ip_vs_conn"), content);
  const pieces = Array.from(proc.readChunks("ip_vs_conn"), (piece) => Buffer.from(piece));
  assert.ok(pieces.length > 1);
  assert.ok(Buffer.concat(pieces).equals(content));
  assert.equal(proc.readText("ip_vs_conn"), content.toString("latin1"));
  assert.throws(() => proc.readText("ip_vs_stats"), { code: "ENOENT" });
  assert.throws(() => [...proc.readChunks("ip_vs_stats")], {
    message: `cannot open file ${folder}/ip_vs_stats`,
  });
  const repeated = proc.repeated("ip_vs_conn");
  for (let time = 0; time < 2; time++) assert.ok(content.equals(repeated.read()));
  assert.throws(() => proc.repeated("ip_vs_stats").read(), {
    code: "ENOENT",
    message: `${folder}/ip_vs_stats: No such file or directory`,
  });
});

test("a failed read is a ProcError, like a failed open", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "proc-"));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "ip_vs"));
  const proc = new ProcFiles(nodeSystemCalls, folder);
  const failure = {
    name: "ProcError",
    code: "EISDIR",
    path: `${folder}/ip_vs`,
    message: `${folder}/ip_vs: Is a directory`,
  };
  assert.throws(() => [...proc.readChunks("ip_vs")], failure);
  assert.throws(() => proc.readWhole("ip_vs"), failure);
  assert.throws(() => proc.repeated("ip_vs").read(), failure);
});

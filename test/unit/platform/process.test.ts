import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { systemHost } from "../../../src/host/system-host.js";
import { errnoOf } from "../../../src/platform/errno.js";
import { nodeSystemCalls } from "../../../src/platform/node-calls.js";
import { commandLineArgs } from "../../../src/platform/process.js";
import { readFile } from "../../../src/platform/read-file.js";
import { StandardError, StandardOutput } from "../../../src/platform/streams.js";
import { type SystemCalls, SystemError } from "../../../src/platform/system-calls.js";

/** Calls that write nothing but remember what they were given; `take` says how much of it they take. */
function recorder(take: (length: number) => number): { calls: SystemCalls; written: string[] } {
  const written: string[] = [];
  const write = (descriptor: number, bytes: Uint8Array) => {
    const length = take(bytes.length);
    written.push(`${descriptor}:${Buffer.from(bytes.subarray(0, length)).toString("latin1")}`);
    return length;
  };
  return { calls: { ...nodeSystemCalls, write }, written };
}

test("standard output is written in large pieces, and before what follows on standard error", () => {
  const { calls, written } = recorder((length) => length);
  const stdout = new StandardOutput(calls);
  stdout.write("a\xff");
  stdout.write("b");
  new StandardError(calls, stdout).write("c");
  stdout.write("d");
  stdout.write(Uint8Array.of(0x65));
  stdout.write("x".repeat(64 * 1024));
  stdout.flush();
  stdout.flush();
  assert.deepEqual(written, ["1:a\xffb", "2:c", "1:de", `1:${"x".repeat(64 * 1024)}`]);
});

test("text is written immediately, as UTF-8", () => {
  const { calls, written } = recorder((length) => length);
  const unneeded = () => Promise.reject(new Error("not needed"));
  const platform = {
    calls,
    openSocket: unneeded,
    loadHosts: unneeded,
    loadFlock: unneeded,
    enterNetworkNamespace: unneeded,
  };
  const { stdout, stderr } = systemHost(platform);
  stdout.writeText("\u00e4");
  assert.equal(written.length, 1);
  stderr.writeText("\u2026");
  assert.deepEqual(written, ["1:\xc3\xa4", "2:\xe2\x80\xa6"]);
});

test("what a write did not take is written again, and a full pipe is waited for", () => {
  const results = [2, -1, 1, 3];
  const { calls, written } = recorder(() => {
    const result = results.shift() ?? 0;
    if (result < 0) throw new SystemError(errnoOf("EAGAIN"));
    return result;
  });
  new StandardError(calls, new StandardOutput(calls)).write("abcdef");
  assert.deepEqual(written, ["2:ab", "2:c", "2:def"]);
});

test("output that cannot be written is reported once, at the end; a message is lost", () => {
  let writes = 0;
  const { calls } = recorder(() => {
    writes++;
    throw new SystemError(errnoOf("ENOSPC"));
  });
  const stdout = new StandardOutput(calls);
  stdout.write("lost");
  stdout.flush();
  stdout.write("lost, too");
  assert.throws(() => stdout.end(), { message: "write error: No space left on device" });
  assert.equal(writes, 1);
  assert.throws(() => stdout.writeText("lost"), /No space left/);
  stdout.end();
  new StandardError(calls, stdout).write("nobody reads this");
  assert.equal(writes, 2);
});

test("arguments are byte strings", (t) => {
  const argv = process.argv;
  t.after(() => {
    process.argv = argv;
  });
  process.argv = ["node", "ipvsadm", "-s", "\u00e4"];
  assert.deepEqual(commandLineArgs(nodeSystemCalls), ["-s", "\xc3\xa4"]);
});

test("a file is read to its end, however little a read gives", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "process-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const content = Buffer.alloc(200_000, "abc\xff", "latin1");
  writeFileSync(join(folder, "file"), content);
  const stingy = {
    ...nodeSystemCalls,
    read: (descriptor: number, buffer: Uint8Array) => nodeSystemCalls.read(descriptor, buffer.subarray(0, 4093)),
  };
  assert.equal(readFile(stingy, join(folder, "file")), content.toString("latin1"));
  assert.throws(() => readFile(stingy, join(folder, "none")), { code: "ENOENT", errno: errnoOf("ENOENT") });
});

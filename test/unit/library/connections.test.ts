import assert from "node:assert/strict";
import { test } from "node:test";
import { readConnections } from "../../../src/library/connections.js";
import type { Connection } from "../../../src/model/table.js";
import type { FileCalls } from "../../../src/platform/system-calls.js";
import { ProcFiles } from "../../../src/proc/proc-files.js";
import { makeHost } from "../../support/fake-host.js";

const title = "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n";

function fileOf(count: number): string {
  const ports = Array.from({ length: count }, (_, port) => port.toString(16).toUpperCase().padStart(4, "0"));
  const rows = ports.map((port) => `TCP 0A000001 ${port} 0A000002 0050 0A000003 0050 ESTABLISHED     899\n`);
  return title + rows.join("");
}

/** A file that says how far it was read, and whether it is open. */
function track(text: string) {
  const bytes = Buffer.from(text);
  const state = { position: 0, open: 0 };
  const calls: FileCalls = {
    open: () => ++state.open,
    close: () => {
      state.open--;
    },
    read(_, buffer) {
      const part = bytes.subarray(state.position, state.position + Math.min(4096, buffer.length));
      buffer.set(part);
      state.position += part.length;
      return part.length;
    },
  };
  return { state, length: bytes.length, proc: new ProcFiles(calls) };
}

test("every connection comes, in the file's order", async () => {
  const { proc } = makeHost({ files: { ip_vs_conn: () => fileOf(3000) } });
  const connections: Connection[] = [];
  for await (const connection of readConnections(proc)) connections.push(connection);
  assert.deepEqual(
    connections.map(({ source }) => source.port),
    Array.from({ length: 3000 }, (_, port) => port),
  );
  assert.deepEqual(connections[1], {
    protocol: "TCP",
    source: { address: "10.0.0.1", port: 1 },
    virtual: { address: "10.0.0.2", port: 80 },
    destination: { address: "10.0.0.3", port: 80 },
    state: "ESTABLISHED",
    expires: 899,
  });
});

test("the file is read no further than what was taken, and closed by whoever leaves the loop", async () => {
  const { state, length, proc } = track(fileOf(20_000));
  for await (const { source } of readConnections(proc)) {
    assert.equal(state.open, 1);
    if (source.port === 10) break;
  }
  assert.ok(state.position <= 65536 && state.position < length);
  assert.equal(state.open, 0);
});

test("others get their turn while a large file is read", async () => {
  const { state, length, proc } = track(fileOf(20_000));
  const positions = new Set<number>();
  const timer = setInterval(() => positions.add(state.position), 0);
  let count = 0;
  for await (const _ of readConnections(proc)) count++;
  clearInterval(timer);
  assert.equal(count, 20_000);
  assert.ok([...positions].some((position) => position > 0 && position < length));
});

test("a file that cannot be opened is an error of the loop", async () => {
  const connections = readConnections(makeHost().proc);
  const message = "cannot open file /proc/net/ip_vs_conn";
  await assert.rejects(connections.next(), { name: "ProcError", message, code: "ENOENT" });
});

import assert from "node:assert/strict";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { readNetworkNamespace } from "../../../../src/platform/state/network-namespace.js";
import { tryNodeFlock } from "../../../../src/platform/state/node-flock.js";
import { endStateProcesses, runState, runtimes, StateProcess } from "../../../support/state-process.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lock-"));
});
afterEach(async () => {
  await endStateProcesses();
  await rm(folder, { recursive: true });
});

async function startHolder(runtime: "node" | "bun", task = "lock"): Promise<StateProcess> {
  const holder = new StateProcess(runtime, [folder, task]);
  await holder.said(task === "lock" ? "locked" : "started");
  return holder;
}

for (const [holds, waits] of [
  ["node", "bun"],
  ["bun", "node"],
  ["bun", "bun"],
] as const) {
  test(`${holds} holds the lock: ${waits} is refused at once, or waits for its end`, async () => {
    const holder = await startHolder(holds);
    const refused = await runState(waits, [folder, "lock"]);
    assert.equal(refused.status, 1);
    assert.match(
      refused.stderr,
      /^another command holds the lock: 'ipvsadm test' \(process \d+\) since \d+ s; use --wait/,
    );
    const waiting = new StateProcess(waits, [folder, "lock", "60"]);
    const late = await runState(waits, [folder, "lock", "0.3"]);
    assert.match(late.stderr, /^another command still holds the lock after 0\.3 s: 'ipvsadm test'/);
    const strange = await runState(waits, [folder, "lock", "soon"]);
    assert.match(strange.stderr, /^another command holds the lock/);
    assert.doesNotMatch(waiting.stdout, /locked/);
    holder.child.stdin.end();
    assert.equal((await holder.end()).status, 0);
    await waiting.said("locked");
    waiting.child.stdin.end();
    assert.equal((await waiting.end()).status, 0);
  });
}

for (const runtime of runtimes) {
  test(`${runtime}: the lock of a process that is killed is free, whatever its file says`, async () => {
    const holder = await startHolder(runtime);
    const waiting = new StateProcess(runtime, [folder, "lock", "60"]);
    holder.child.kill("SIGKILL");
    await waiting.said("locked");
    waiting.child.kill("SIGKILL");
    await waiting.end();
    const file = join(folder, "run", await readNetworkNamespace(), "lock");
    assert.match(readFileSync(file, "utf8"), /^\d+ \d+ ipvsadm test\n$/);
    assert.equal((await runState(runtime, [folder, "lock"])).status, 0);
    assert.equal(readFileSync(file, "utf8"), "");
  });

  test(`${runtime}: a program that the holder has started does not hold the lock`, async () => {
    const holder = await startHolder(runtime, "lock-and-start");
    const child = Number(/started (\d+)/.exec(holder.stdout)?.[1]);
    try {
      holder.child.kill("SIGKILL");
      await holder.end();
      assert.equal((await runState(runtime, [folder, "lock"])).status, 0);
    } finally {
      process.kill(child, "SIGKILL");
    }
  });

  test(`${runtime}: a signal ends the waiting`, async () => {
    const holder = await startHolder("node");
    const waiting = new StateProcess(runtime, [folder, "lock", "60"]);
    await waiting.said("waits");
    waiting.child.kill("SIGTERM");
    assert.deepEqual(await waiting.end(), { status: 1, stdout: "waits\n", stderr: "interrupted by SIGTERM\n" });
    holder.child.stdin.end();
    await holder.end();
  });
}

test("a link in place of the lock is refused, and nothing happens to its target", async () => {
  const { status } = await runState("node", [folder, "lock"]);
  assert.equal(status, 0);
  const file = join(folder, "run", await readNetworkNamespace(), "lock");
  await rm(file);
  writeFileSync(join(folder, "target"), "precious");
  symlinkSync(join(folder, "target"), file);
  assert.equal(
    (await runState("node", [folder, "lock"])).stderr,
    `${file}: symbolic link in place of a file\nremove it\n`,
  );
  assert.equal(readFileSync(join(folder, "target"), "utf8"), "precious");
});

test("without the program flock, Node says what is missing", async () => {
  await assert.rejects(tryNodeFlock(0, join(folder, "flock")), {
    name: "FileError",
    message: `${folder}/flock: cannot be run\ninstall util-linux; on Node the lock needs it`,
  });
});

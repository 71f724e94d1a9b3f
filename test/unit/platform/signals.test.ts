import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterEach, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { endStateProcesses, runtimes, StateProcess } from "../../support/state-process.js";

afterEach(endStateProcesses);

for (const runtime of runtimes) {
  for (const [signal, status] of [
    ["SIGHUP", 129],
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    test(`${runtime}: the first ${signal} interrupts, and the second one ends the process`, {
      timeout: 20_000,
    }, async () => {
      const run = new StateProcess(runtime, ["/nowhere", "interrupt"]);
      await run.said("ready");
      run.child.kill(signal);
      await run.said("interrupted");
      assert.match(run.stdout, new RegExp(`interrupted by ${signal}, status ${status}\n$`));
      // What timeout(1) does: the signal once more, to the group.
      run.child.kill(signal);
      await setTimeout(400);
      assert.equal(run.child.signalCode, null);
      run.child.kill("SIGTERM");
      assert.equal((await run.end()).status, "SIGTERM");
    });
  }
}

test("a signal that was ignored when the executable started stays so", async () => {
  const run = new StateProcess("bun", ["/nowhere", "interrupt"], ["bash", "-c", "trap '' HUP; exec \"$@\"", "nohup"]);
  await run.said("ready");
  const status = readFileSync(`/proc/${run.child.pid}/status`, "utf8");
  const hasHangup = (mask: string) => new RegExp(`^${mask}:.*[13579bdf]$`, "m").test(status);
  assert.deepEqual([hasHangup("SigIgn"), hasHangup("SigCgt")], [true, false]);
  run.child.kill("SIGKILL");
  await run.end();
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterEach, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { endStateProcesses, type Runtime, runtimes, StateProcess } from "../../support/state-process.js";

afterEach(endStateProcesses);

/** Milliseconds for which further signals count as the first. */
const echoTime = 200;

/** A process that got a signal, and once more within the time of an echo, as timeout(1) does with itself and its group. */
async function interruptTwice(runtime: Runtime, signal: NodeJS.Signals): Promise<StateProcess> {
  for (;;) {
    const run = new StateProcess(runtime, ["/nowhere", "interrupt"]);
    await run.said("ready");
    const start = performance.now();
    run.child.kill(signal);
    await run.said("interrupted");
    run.child.kill(signal);
    if (performance.now() - start < echoTime) return run;
    // On a busy machine it was too late.
    run.child.kill("SIGKILL");
    await run.end();
  }
}

for (const runtime of runtimes) {
  for (const [signal, status] of [
    ["SIGHUP", 129],
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    test(`${runtime}: the first ${signal} interrupts, and the second one ends the process`, {
      timeout: 60_000,
    }, async () => {
      const run = await interruptTwice(runtime, signal);
      assert.match(run.stdout, new RegExp(`interrupted by ${signal}, status ${status}\n$`));
      await setTimeout(400);
      assert.equal(run.child.signalCode, null);
      const ended = run.end();
      // Until it comes late enough for the process, too, which may have been stopped.
      const timer = setInterval(() => run.child.kill("SIGTERM"), 100);
      const { status: endedBy } = await ended;
      clearInterval(timer);
      assert.equal(endedBy, "SIGTERM");
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

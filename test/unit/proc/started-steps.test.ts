import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeSystemCalls } from "../../../src/platform/node-calls.js";
import { ProcFiles } from "../../../src/proc/proc-files.js";
import { startSteps } from "../../../src/proc/started-steps.js";

test("the first step is made immediately, and each is handed on once", () => {
  const made: number[] = [];
  function* steps() {
    for (const step of [1, 2, 3]) {
      made.push(step);
      yield step;
    }
  }
  const started = startSteps(steps());
  assert.deepEqual(made, [1]);
  assert.deepEqual([...started], [1, 2, 3]);
  assert.deepEqual(made, [1, 2, 3]);
});

test("no steps, and a first one that fails", () => {
  assert.deepEqual([...startSteps((function* () {})())], []);
  const missing = new ProcFiles(nodeSystemCalls, "/nowhere").readChunks("ip_vs");
  assert.throws(() => startSteps(missing), /cannot open file/);
});

test("steps are finished where their reader stops early", () => {
  for (const read of [1, 2]) {
    let isFinished = false;
    function* steps() {
      try {
        yield* [1, 2, 3];
      } finally {
        isFinished = true;
      }
    }
    for (const step of startSteps(steps())) {
      assert.equal(isFinished, false);
      if (step === read) break;
    }
    assert.equal(isFinished, true, `after step ${read}`);
  }
});

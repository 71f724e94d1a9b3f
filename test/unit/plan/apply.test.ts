import assert from "node:assert/strict";
import { test } from "node:test";
import { batchSize } from "../../../src/ipvs/batch-size.js";
import type { Change } from "../../../src/model/change.js";
import { applySteps, type Refusal } from "../../../src/plan/apply.js";
import type { Step } from "../../../src/plan/steps.js";
import { markService } from "../../support/entries.js";
import { FakeKernel } from "../../support/fake-kernel.js";

const step = (fwmark: number): Step => ({
  path: `services[${fwmark}]`,
  change: { command: "add-service", service: markService({ family: "inet", fwmark }) },
});

const stepsOf = (count: number) => Array.from({ length: count }, (_, index) => step(index + 1));

/** A kernel that records how many changes came at once. */
class CountingKernel extends FakeKernel {
  readonly batches: number[] = [];

  override change(changes: readonly Change[]) {
    this.batches.push(changes.length);
    return super.change(changes);
  }
}

test("steps are made in batches, in their order", async () => {
  const kernel = new CountingKernel();
  const refusals: Refusal[] = [];
  for await (const refusal of applySteps(stepsOf(2 * batchSize + 1), kernel)) refusals.push(refusal);
  assert.deepEqual(refusals, []);
  assert.deepEqual(kernel.batches, [batchSize, batchSize, 1]);
  assert.equal(kernel.entries().length, 2 * batchSize + 1);
});

test("without steps the kernel is not called", async () => {
  const kernel = new CountingKernel();
  for await (const { path } of applySteps([], kernel)) assert.fail(path);
  assert.deepEqual(kernel.batches, []);
});

test("refusals have the path of their step, and the steps after them are made", async () => {
  const kernel = new FakeKernel({ refuse: (_, number) => (number % 2 === 0 ? "ENOMEM" : undefined) });
  const refusals: string[] = [];
  for await (const { path, change, error } of applySteps(stepsOf(5), kernel)) {
    refusals.push(`${path} ${change.command} ${error.operation}: ${error.message}`);
  }
  assert.deepEqual(refusals, [
    "services[2] add-service add service: Memory allocation problem",
    "services[4] add-service add service: Memory allocation problem",
  ]);
  assert.equal(kernel.entries().length, 3);
});

test("a caller that stops at a refusal stops the batches after it", async () => {
  const kernel = new CountingKernel({ refuse: (_, number) => (number === 3 ? "ENOMEM" : undefined) });
  for await (const { path } of applySteps(stepsOf(3 * batchSize), kernel)) {
    assert.equal(path, "services[3]");
    break;
  }
  assert.deepEqual(kernel.batches, [batchSize]);
});

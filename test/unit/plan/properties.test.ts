/** Plans from one table to another, for every pair of tables, on the fake kernel. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readState } from "../../../src/ipvs/read-table.js";
import type { Change } from "../../../src/model/change.js";
import type { DesiredState } from "../../../src/model/desired.js";
import { runsAs } from "../../../src/model/equality.js";
import { destinationIdentity, serviceIdentity } from "../../../src/model/identity.js";
import { sortTable } from "../../../src/model/order.js";
import { applySteps } from "../../../src/plan/apply.js";
import { findDifference, partsToRead } from "../../../src/plan/difference.js";
import { type Step, toSteps } from "../../../src/plan/steps.js";
import { FakeKernel } from "../../support/fake-kernel.js";
import { Random } from "../../support/random.js";
import { Promises, randomPair } from "../../support/table-pairs.js";
import { desiredStateOf, saveText } from "../../support/texts.js";

const firstSeed = Number(process.env.PLAN_SEED ?? 1);
const pairs = Number(process.env.PLAN_PAIRS ?? 2000);

/** Makes the steps from the table of a kernel to the desired one, and returns them. */
async function replace(kernel: FakeKernel, desired: DesiredState): Promise<Step[]> {
  const steps = await planFor(kernel, desired);
  for await (const { path, change, error } of applySteps(steps, kernel)) {
    assert.fail(`${path}: ${change.command}: ${error.message}`);
  }
  return steps;
}

async function planFor(kernel: FakeKernel, desired: DesiredState): Promise<Step[]> {
  const current = await readState(kernel, partsToRead(desired, "replace"));
  return [...toSteps(findDifference(desired, current, "replace"), "replace")];
}

/** The object of a change. No plan has two changes of one object. */
function subjectOf(change: Change): string {
  switch (change.command) {
    case "add-destination":
    case "edit-destination":
    case "delete-destination":
      return `${serviceIdentity(change.service)} ${destinationIdentity(change.destination)}`;
    case "add-service":
    case "edit-service":
    case "delete-service":
      return serviceIdentity(change.service);
    case "start-daemon":
      return `start ${change.daemon.state}`;
    case "stop-daemon":
      return `stop ${change.state}`;
    default:
      return change.command;
  }
}

async function checkPair(seed: number): Promise<number> {
  const { before, after, desired } = randomPair(new Random(seed));
  const promises = new Promises(before.services, after.services);
  let isOnTheWay = false;
  const kernel: FakeKernel = new FakeKernel({ afterChange: () => isOnTheWay && promises.check(kernel.entries()) });
  await replace(kernel, desiredStateOf(before));
  isOnTheWay = true;
  const steps = await replace(kernel, desired);
  isOnTheWay = false;

  const subjects = steps.map(({ change }) => subjectOf(change));
  assert.deepEqual(subjects, [...new Set(subjects)]);
  const daemons = await kernel.daemons();
  const now = { services: sortTable(kernel.entries()), timeouts: await kernel.timeouts(), daemons: after.daemons };
  assert.equal(saveText(now), saveText({ ...after, services: sortTable(after.services) }));
  assert.equal(daemons.length, after.daemons.length);
  for (const wanted of after.daemons) assert.ok(daemons.some((running) => runsAs(running, wanted)));
  // What is as it should be needs no step.
  assert.deepEqual(await planFor(kernel, desired), []);
  return steps.length;
}

test(`${pairs} random tables become others, and clients are served in between`, async () => {
  let steps = 0;
  for (let seed = firstSeed; seed < firstSeed + pairs; seed++) {
    try {
      steps += await checkPair(seed);
    } catch (error) {
      const reason = error instanceof Error ? error.message : error;
      throw new Error(`PLAN_SEED=${seed} PLAN_PAIRS=1: ${reason}`, { cause: error });
    }
  }
  assert.ok(steps > 5 * pairs, `${steps} steps`);
});

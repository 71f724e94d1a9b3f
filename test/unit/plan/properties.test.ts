/** What holds for every pair of tables: from the first to the second, on the fake kernel. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readState } from "../../../src/ipvs/read-table.js";
import type { Change } from "../../../src/model/change.js";
import type { DesiredState } from "../../../src/model/desired.js";
import { runsAs } from "../../../src/model/equality.js";
import { destinationIdentity, serviceIdentity } from "../../../src/model/identity.js";
import { sortTable } from "../../../src/model/order.js";
import type { TableEntry } from "../../../src/model/table.js";
import { applySteps } from "../../../src/plan/apply.js";
import { findDifference, partsToRead } from "../../../src/plan/difference.js";
import { type Step, toSteps } from "../../../src/plan/steps.js";
import { FakeKernel } from "../../support/fake-kernel.js";
import { Random } from "../../support/random.js";
import { kernelWords, randomSuccessor, randomTable, type Whole } from "../../support/random-table.js";
import { desiredStateOf, saveText } from "../../support/texts.js";

const firstSeed = Number(process.env.PLAN_SEED ?? 1);
const pairs = Number(process.env.PLAN_PAIRS ?? 2000);

const fullState = ["services", "timeouts", "daemons"] as const;

/** The steps from what a kernel has to what is desired, which are then made. */
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

/** A pair of tables, and the parts of the second one that are desired. Other parts stay as they are in the first. */
function randomPair(random: Random): { before: Whole; after: Whole; desired: DesiredState } {
  const before = randomTable(random, kernelWords);
  const next = random.between(0, 9) === 0 ? before : randomSuccessor(random, before, kernelWords);
  const isWhole = random.coin();
  const parts = fullState.filter(() => isWhole || random.between(0, 3) > 0);
  const after = { ...before, ...pick(next, parts) };
  // The kernel has either servers of another family or daemons, so such parts cannot be desired without each other.
  if (isMixed(after) && after.daemons.length > 0) return { before, after: next, desired: desiredStateOf(next) };
  return { before, after, desired: pick(desiredStateOf(next), parts) };
}

function pick<T extends object, Name extends keyof T>(value: T, names: readonly Name[]): Pick<T, Name> {
  return Object.fromEntries(names.map((name) => [name, value[name]])) as Pick<T, Name>;
}

function isMixed({ services }: Whole): boolean {
  return services.some(({ service, destinations }) => destinations.some(({ family }) => family !== service.family));
}

/** What clients must meet at every moment on the way from one table to another. */
class Promises {
  readonly #services: readonly Promised[];

  constructor(before: Whole, after: Whole) {
    const later = byIdentity(after.services);
    this.#services = before.services.flatMap((entry) => {
      const next = later.get(serviceIdentity(entry.service));
      if (next === undefined) return [];
      const staying = new Set(next.destinations.map(destinationIdentity));
      return {
        identity: serviceIdentity(entry.service),
        destinations: entry.destinations.map(destinationIdentity).filter((identity) => staying.has(identity)),
        isUsable: isUsable(entry) && isUsable(next),
      };
    });
  }

  check(entries: readonly TableEntry[]): void {
    const present = byIdentity(entries);
    for (const { identity, destinations, isUsable: mustBeUsable } of this.#services) {
      const entry = present.get(identity);
      assert.ok(entry, `${identity} is gone`);
      const servers = new Set(entry.destinations.map(destinationIdentity));
      for (const destination of destinations)
        assert.ok(servers.has(destination), `${identity}: ${destination} is gone`);
      assert.ok(!mustBeUsable || isUsable(entry), `${identity} has no server that takes clients`);
    }
  }
}

/** A service that stays. */
interface Promised {
  readonly identity: string;
  /** Its servers that stay. */
  readonly destinations: readonly string[];
  readonly isUsable: boolean;
}

function byIdentity(entries: readonly TableEntry[]): Map<string, TableEntry> {
  return new Map(entries.map((entry) => [serviceIdentity(entry.service), entry]));
}

function isUsable({ destinations }: TableEntry): boolean {
  return destinations.some(({ weight }) => weight > 0);
}

/** What a change concerns; two changes of it would be one too many. */
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
  const promises = new Promises(before, after);
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

test(`${pairs} random tables become others, and clients are served on the way`, async () => {
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

/** Plans that are carried out, and refused or interrupted somewhere, on the fake kernel. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { listsChanges, parsePlanBytes, renderPlan } from "../../../src/format/json/changes/plan-document.js";
import { compactStyle } from "../../../src/format/json/json-style.js";
import type { IpvsClient } from "../../../src/ipvs/client.js";
import { IpvsError } from "../../../src/ipvs/ipvs-error.js";
import { readState } from "../../../src/ipvs/read-table.js";
import { sortTable } from "../../../src/model/order.js";
import { describePlan } from "../../../src/plan/describe.js";
import { makePlan } from "../../../src/plan/plan.js";
import { errnoOf } from "../../../src/platform/errno.js";
import { type Prepared, prepareDesired, prepareRecorded, prepareUndo } from "../../../src/transaction/prepare.js";
import { type ReportProgress, runTransaction, type TransactionResult } from "../../../src/transaction/transaction.js";
import { UndoStore } from "../../../src/transaction/undo-store.js";
import { makeHost } from "../../support/fake-host.js";
import { FakeKernel } from "../../support/fake-kernel.js";
import { Random } from "../../support/random.js";
import { Promises, randomPair } from "../../support/table-pairs.js";
import { desiredStateOf, saveText } from "../../support/texts.js";

const firstSeed = Number(process.env.PLAN_SEED ?? 1);
const pairs = Number(process.env.PLAN_PAIRS ?? 150);

/** A kernel that can refuse its next changes, by their numbers. */
class RefusingKernel extends FakeKernel {
  #refused: ReadonlySet<number> = new Set();
  #made = 0;

  constructor(afterChange: () => void = () => {}) {
    super({ refuse: () => (this.#refused.has(++this.#made) ? "ENOMEM" : undefined), afterChange: () => afterChange() });
  }

  refuseNext(...numbers: readonly number[]): void {
    this.#made = 0;
    this.#refused = new Set(numbers);
  }
}

async function textOf(client: IpvsClient): Promise<string> {
  const { services = [], timeouts, daemons = [] } = await readState(client, ["services", "timeouts", "daemons"]);
  assert.ok(timeouts);
  return saveText({ services: sortTable(services), timeouts, daemons } as unknown as Parameters<typeof saveText>[0]);
}

async function carryOut(
  { plan }: Prepared,
  client: IpvsClient,
  store: UndoStore,
  onRefusal: "rollback" | "stop" | "continue" = "rollback",
): Promise<TransactionResult> {
  return runTransaction(plan, client, { command: "apply", store, now: new Date(0), onRefusal });
}

/** A pair of tables; the kernel has the first. */
async function arrange(seed: number, afterChange?: () => void) {
  const random = new Random(seed);
  const { before, after, desired } = randomPair(random);
  const kernel = new RefusingKernel(afterChange);
  const store = await UndoStore.open(makeHost());
  const setUp = makePlan(await readState(kernel, ["services", "timeouts", "daemons"]), desiredStateOf(before));
  await runTransaction(setUp, kernel, { command: "apply", store, now: new Date(0) });
  const prepared = await prepareDesired(kernel, desired);
  const total = prepared.plan.phases.flat().length;
  return { random, before, after, desired, kernel, store, prepared, total };
}

async function forEachPair(check: (seed: number) => Promise<void>): Promise<void> {
  for (let seed = firstSeed; seed < firstSeed + pairs; seed++) {
    try {
      await check(seed);
    } catch (error) {
      const reason = error instanceof Error ? error.message : error;
      throw new Error(`PLAN_SEED=${seed} PLAN_PAIRS=1: ${reason}`, { cause: error });
    }
  }
}

test(`a refusal at each step of ${pairs} plans leaves the table as it was`, async () => {
  let refused = 0;
  await forEachPair(async (seed) => {
    const { kernel, store, prepared, total } = await arrange(seed);
    const known = (await store.list()).length;
    const before = await textOf(kernel);
    for (let step = 1; step <= total; step++) {
      kernel.refuseNext(step);
      const result = await carryOut(prepared, kernel, store);
      assert.equal(result.outcome, "undone", `step ${step}`);
      assert.ok(result.refusals.length > 0);
      assert.equal(await textOf(kernel), before, `step ${step}`);
      refused++;
    }
    assert.equal((await store.list()).length, known);
  });
  assert.ok(refused > 5 * pairs, `${refused} refusals`);
});

test(`a refusal on the way back of ${pairs} plans says what is left, and undo takes it back`, async () => {
  let stuck = 0;
  await forEachPair(async (seed) => {
    const { random, kernel, store, prepared, total } = await arrange(seed);
    if (total === 0) return;
    const before = await textOf(kernel);
    const first = random.between(1, total);
    // The change after the refusal can still be of the way out; what is refused then goes back all the same.
    kernel.refuseNext(first, ...Array.from({ length: 3 * total }, (_, index) => total + 1 + index));
    const result = await carryOut(prepared, kernel, store);
    if (result.outcome === "undone") {
      assert.equal(await textOf(kernel), before);
      return;
    }
    stuck++;
    assert.equal(result.outcome, "partial");
    assert.ok(result.remaining.length > 0);
    assert.notEqual(await textOf(kernel), before);
    kernel.refuseNext();
    const recorded = await store.read(result.undo ?? "");
    assert.ok(recorded);
    const undone = await carryOut(await prepareUndo(kernel, recorded), kernel, store);
    assert.equal(undone.outcome, "done");
    assert.equal(await textOf(kernel), before);
  });
  assert.ok(stuck > 0.1 * pairs, `${stuck} plans`);
});

test(`${pairs} plans that end anywhere, as by kill -9, leave clients served, and undo takes them back`, async () => {
  await forEachPair(async (seed) => {
    const { random, before, after, kernel, store, prepared, total } = await arrange(seed);
    if (total === 0) return;
    const text = await textOf(kernel);
    class Killed extends Error {}
    let left = random.between(0, total);
    let isDead = false;
    const dying = new Proxy(kernel, {
      get(target, name) {
        return async (...args: unknown[]) => {
          if (isDead) throw new Killed();
          if (name !== "change") return Reflect.get(target, name, target).apply(target, args);
          const changes = args[0] as Parameters<IpvsClient["change"]>[0];
          for (const change of changes) {
            isDead = left-- === 0;
            if (isDead) throw new Killed();
            await target.change([change]);
          }
          return changes.map(() => undefined);
        };
      },
    });
    const end = await carryOut(prepared, dying, store).then(
      () => undefined,
      (error) => error,
    );
    assert.ok(end === undefined || end instanceof Killed);
    new Promises(before.services, after.services).check(kernel.entries());
    const [newest] = await store.list();
    const recorded = await store.read(newest?.id ?? "");
    assert.ok(recorded);
    assert.equal((await carryOut(await prepareUndo(kernel, recorded), kernel, store)).outcome, "done");
    assert.equal(await textOf(kernel), text);
  });
});

test("a plan that cannot be saved for undo is not started", async () => {
  const { kernel, prepared } = await arrange(firstSeed);
  const before = await textOf(kernel);
  const store = { save: () => Promise.reject(new Error("no space")) } as unknown as UndoStore;
  await assert.rejects(carryOut(prepared, kernel, store), /no space/);
  assert.equal(await textOf(kernel), before);
});

test("stop leaves what was done, continue does the rest too", async () => {
  const remainingOf = async (policy: "stop" | "continue") => {
    const { kernel, store, prepared, total } = await arrange(firstSeed + 3);
    assert.ok(total > 3);
    kernel.refuseNext(2);
    const { outcome, remaining } = await carryOut(prepared, kernel, store, policy);
    assert.equal(outcome, "partial");
    return remaining.length;
  };
  assert.ok((await remainingOf("continue")) < (await remainingOf("stop")));
});

/** A client that does what the kernel does until its change of this number, and from then on fails. */
function failingAt(kernel: FakeKernel, number: number, failure: () => Error): IpvsClient {
  let left = number;
  return new Proxy(kernel, {
    get(target, name) {
      const member = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      return async (...args: unknown[]) => {
        if (name === "change" && left > 0) left -= (args[0] as readonly unknown[]).length;
        else if (left <= 0 && name !== "close") throw failure();
        return member.apply(target, args);
      };
    },
  }) as IpvsClient;
}

test("a lost connection is opened again for the way back", async () => {
  const lost = () => new IpvsError("get services", errnoOf("ENOBUFS"));
  for (const canReconnect of [true, false]) {
    const { kernel, store, prepared } = await arrange(firstSeed + 3);
    const before = await textOf(kernel);
    const { plan } = prepared;
    const result = await runTransaction(plan, failingAt(kernel, 1, lost), {
      command: "apply",
      store,
      now: new Date(0),
      reconnect: canReconnect ? async () => kernel : () => Promise.reject(lost()),
    });
    assert.equal(result.failure?.code, "ENOBUFS");
    assert.equal(result.outcome, canReconnect ? "undone" : "partial");
    assert.equal((await textOf(kernel)) === before, canReconnect);
    assert.equal(result.remaining.length > 0, !canReconnect);
  }
});

test("changes that are taken back are counted too", async () => {
  const { kernel, store, prepared, total } = await arrange(firstSeed + 3);
  assert.ok(prepared.plan.phases.length > 2);
  const progress: Parameters<ReportProgress>[] = [];
  kernel.refuseNext(total);
  await runTransaction(prepared.plan, kernel, {
    command: "apply",
    store,
    now: new Date(0),
    onProgress: (...report) => progress.push(report),
  });
  const directions = progress.map(([, , direction]) => direction);
  assert.deepEqual([...new Set(directions)], ["forth", "back"]);
  for (const direction of ["forth", "back"]) {
    const [done, all] = progress.findLast(([, , each]) => each === direction) ?? [];
    assert.equal(done, all, direction);
  }
});

test("a value that cannot be sent takes back what was done before it", async () => {
  const { kernel, store, prepared } = await arrange(firstSeed + 3);
  const before = await textOf(kernel);
  let thrown = 0;
  const once = new Proxy(kernel, {
    get(_, name) {
      if (name !== "change" || thrown > 1) return Reflect.get(kernel, name, kernel).bind(kernel);
      return async (changes: Parameters<IpvsClient["change"]>[0]) => {
        if (thrown++ === 1) throw new RangeError("weight");
        return kernel.change(changes);
      };
    },
  });
  await assert.rejects(carryOut(prepared, once, store), /^RangeError: weight$/);
  assert.equal(await textOf(kernel), before);
});

test("a table that cannot be read at the end is not reported as unchanged", async () => {
  const { kernel, store, prepared, total } = await arrange(firstSeed + 3);
  const client = failingAt(kernel, total, () => new IpvsError("get services", errnoOf("EINTR")));
  const { outcome, failure, undo } = await carryOut(prepared, client, store);
  assert.deepEqual([outcome, failure?.code], ["unverified", "EINTR"]);
  assert.ok(undo !== undefined && (await store.read(undo)) !== undefined);
});

test(`${pairs} plans are the same after they were written and read`, async () => {
  await forEachPair(async (seed) => {
    const { kernel, prepared } = await arrange(seed);
    const { services, before, after } = prepared.plan;
    const changes = describePlan(prepared.plan, prepared.current);
    if (changes.length === 0) return;
    const recorded = { command: "apply", takenAt: new Date(0), changes, services, before, after };
    const read = parsePlanBytes(Buffer.from([...renderPlan(recorded, compactStyle)].join("")));
    const again = await prepareRecorded(kernel, read);
    assert.deepEqual(again.moved, []);
    assert.ok(listsChanges(read, describePlan(again.plan, again.current)));
  });
});

test("another writer is noticed at the end", async () => {
  const service = { family: "inet", protocol: "tcp", address: "10.9.9.9", port: 80 } as const;
  const settings = { scheduler: "rr", schedulerFlags: [], onePacket: false, persistent: false, timeout: 0 };
  const added = { ...service, ...settings, netmask: "255.255.255.255" };
  let isDone = false;
  const kernel: FakeKernel = new FakeKernel({
    afterChange: () => {
      if (!isDone) kernel.changeAside({ command: "edit-service", service: { ...added, scheduler: "wlc" } });
      isDone = true;
    },
  });
  const store = await UndoStore.open(makeHost());
  const prepared = await prepareDesired(kernel, { services: [{ service: added, destinations: [] }] });
  const { outcome, remaining } = await carryOut(prepared, kernel, store);
  assert.equal(outcome, "changed");
  assert.deepEqual(
    remaining.map(({ object }) => object),
    ["service"],
  );
});

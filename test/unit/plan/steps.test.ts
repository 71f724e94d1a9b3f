import assert from "node:assert/strict";
import { test } from "node:test";
import { readTable } from "../../../src/ipvs/read-table.js";
import type { Change } from "../../../src/model/change.js";
import type { DesiredService, DesiredState } from "../../../src/model/desired.js";
import { hasSameDestinationSettings, hasSameSettings, runsAs } from "../../../src/model/equality.js";
import { destinationIdentity, serviceIdentity } from "../../../src/model/identity.js";
import { applySteps } from "../../../src/plan/apply.js";
import { findDifference } from "../../../src/plan/difference.js";
import { planAdditions, planSteps } from "../../../src/plan/steps.js";
import { FakeKernel } from "../../support/fake-kernel.js";
import { Random } from "../../support/random.js";
import { randomPair } from "../../support/random-pair.js";

const pairs = Number(process.env.PAIRS ?? 2_000);

async function stateOf(kernel: FakeKernel): Promise<Required<DesiredState>> {
  return { services: await readTable(kernel), timeouts: await kernel.timeouts(), daemons: await kernel.daemons() };
}

/** A kernel with a table. */
async function kernelWith(state: DesiredState, afterChange?: (change: Change) => void): Promise<FakeKernel> {
  let isReady = false;
  const kernel = new FakeKernel({ afterChange: (change) => isReady && afterChange?.(change) });
  for await (const { path, error } of applySteps(planAdditions(state, []), kernel)) assert.fail(`${path}: ${error}`);
  isReady = true;
  return kernel;
}

function byIdentity(services: readonly DesiredService[]): Map<string, DesiredService> {
  return new Map(services.map((entry) => [serviceIdentity(entry.service), entry]));
}

function assertSame(actual: Required<DesiredState>, wanted: Required<DesiredState>, about: string): void {
  const there = byIdentity(actual.services);
  assert.deepEqual([...there.keys()].sort(), [...byIdentity(wanted.services).keys()].sort(), about);
  for (const { service, destinations } of wanted.services) {
    const found = there.get(serviceIdentity(service));
    assert.ok(found && hasSameSettings(found.service, service), `${about}: ${serviceIdentity(service)}`);
    const servers = new Map(found.destinations.map((one) => [destinationIdentity(one), one]));
    assert.deepEqual([...servers.keys()].sort(), destinations.map(destinationIdentity).sort(), about);
    for (const destination of destinations) {
      const server = servers.get(destinationIdentity(destination));
      assert.ok(
        server && hasSameDestinationSettings(server, destination),
        `${about}: ${destinationIdentity(destination)}`,
      );
    }
  }
  assert.deepEqual(actual.timeouts, wanted.timeouts, about);
  assert.equal(actual.daemons.length, wanted.daemons.length, about);
  for (const daemon of wanted.daemons)
    assert.ok(
      actual.daemons.some((one) => runsAs(one, daemon)),
      about,
    );
}

const isUsable = ({ destinations }: DesiredService) => destinations.some(({ weight }) => weight > 0);

test(`the steps between ${pairs} random pairs of tables make the second of the first, and equal tables need none`, async () => {
  let steps = 0;
  for (let seed = 0; seed < pairs; seed++) {
    const { before, after } = randomPair(new Random(seed));
    const kernel = await kernelWith(before);
    const plan = [...planSteps(findDifference(after, await stateOf(kernel)))];
    steps += plan.length;
    for await (const { path, error } of applySteps(plan, kernel))
      assert.fail(`seed ${seed}: ${path}: ${error.message}`);
    assertSame(await stateOf(kernel), after, `seed ${seed}`);
    assert.deepEqual([...planSteps(findDifference(after, await stateOf(kernel)))], [], `seed ${seed}`);
  }
  assert.ok(steps > pairs, "the pairs differ");
});

test(`at every prefix of ${pairs} plans, what stays is there, and what serves before and after serves`, async () => {
  const seen = { prefixes: 0, serving: 0 };
  for (let seed = 0; seed < pairs; seed++) {
    const { before, after } = randomPair(new Random(seed));
    const [first, last] = [byIdentity(before.services), byIdentity(after.services)];
    const kernel = await kernelWith(before);
    for (const { change } of planSteps(findDifference(after, await stateOf(kernel)))) {
      await kernel.change([change]);
      seen.prefixes++;
      const now = byIdentity(await readTable(kernel));
      for (const [identity, entry] of first) {
        const later = last.get(identity);
        if (later === undefined) continue;
        const present = now.get(identity);
        assert.ok(present, `seed ${seed}: ${identity} is gone after ${JSON.stringify(change)}`);
        if (isUsable(entry) && isUsable(later)) {
          seen.serving++;
          assert.ok(isUsable(present), `seed ${seed}: ${identity} serves nobody after ${JSON.stringify(change)}`);
        }
        const stay = later.destinations.map(destinationIdentity);
        const servers = present.destinations.map(destinationIdentity);
        for (const server of entry.destinations.map(destinationIdentity)) {
          assert.ok(!stay.includes(server) || servers.includes(server), `seed ${seed}: ${identity} ${server} is gone`);
        }
      }
    }
  }
  assert.ok(seen.prefixes > pairs && seen.serving > pairs / 10, JSON.stringify(seen));
});

const service = { family: "inet", protocol: "tcp", address: "10.0.0.1", port: 80, scheduler: "sh" } as const;
const settings = { onePacket: false, persistent: false, timeout: 0, netmask: "255.255.255.255" } as const;
const server = { family: "inet", port: 80, forward: "masq", upperThreshold: 0, lowerThreshold: 0 } as const;
const tunnel = { type: "ipip", port: 0, checksum: "nocsum" } as const;
const sh = (flags: readonly (1 | 2 | 3)[], ...destinations: [address: string, weight: number][]): DesiredState => ({
  services: [
    {
      service: { ...service, ...settings, schedulerFlags: flags },
      destinations: destinations.map(([address, weight]) => ({ ...server, tunnel, address, weight })),
    },
  ],
});

function commands(after: DesiredState, before: DesiredState): string[] {
  return [...planSteps(findDifference(after, before))].map(({ change }) => change.command);
}

test("a fallback comes before weights fall, and goes after the servers that need it", () => {
  const [without, withFallback] = [sh([], ["10.0.0.2", 1]), sh([1], ["10.0.0.2", 0], ["10.0.0.3", 1])];
  assert.deepEqual(commands(withFallback, without), ["edit-service", "add-destination", "edit-destination"]);
  assert.deepEqual(commands(sh([], ["10.0.0.3", 1]), withFallback), ["delete-destination", "edit-service"]);
});

test("a part that is not desired is not touched", () => {
  assert.deepEqual(commands({}, sh([], ["10.0.0.2", 1])), []);
  assert.deepEqual(commands({ services: [] }, sh([], ["10.0.0.2", 1])), ["delete-service"]);
});

test("one service of each family goes last", () => {
  const marks = ([1, 2, 3] as const).flatMap((fwmark) =>
    (["inet", "inet6"] as const).map((family) => ({
      service: { ...settings, family, fwmark, scheduler: "rr", schedulerFlags: [] },
      destinations: [],
    })),
  );
  const deleted = [...planSteps(findDifference({ services: [] }, { services: marks }))].map(({ change }) =>
    change.command === "delete-service" ? change.service.family : change.command,
  );
  assert.deepEqual([...deleted.slice(-2)].sort(), ["inet", "inet6"]);
  assert.equal(deleted.length, 6);
});

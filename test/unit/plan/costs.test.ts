import assert from "node:assert/strict";
import { test } from "node:test";
import type { DesiredService, DesiredState } from "../../../src/model/desired.js";
import { serviceIdentity } from "../../../src/model/identity.js";
import type { Destination } from "../../../src/model/table.js";
import { defaultDeletionLimit, findExcess } from "../../../src/plan/deletion-guard.js";
import { describePlan } from "../../../src/plan/describe.js";
import { narrowStates } from "../../../src/plan/narrow.js";
import { makePlan } from "../../../src/plan/plan.js";
import { markService, server, service } from "../../support/entries.js";

/** What the changes from one table to another cost, as `object kind: reason`. */
function costsOf(before: DesiredState, after: DesiredState): string[] {
  return describePlan(makePlan(before, after), before).flatMap(({ object, costs }) =>
    costs.map(({ kind, reason }) => `${object} ${kind}: ${reason}`),
  );
}

const entry = (settings: Parameters<typeof service>[0], ...destinations: Destination[]): DesiredService => ({
  service: service(settings),
  destinations,
});
const alone = (settings: Parameters<typeof service>[0], ...destinations: Destination[]): DesiredState => ({
  services: [entry(settings, ...destinations)],
});
const [one, two] = [server({ address: "10.0.0.1" }), server({ address: "10.0.0.2" })];
const drained = (destination: Destination): Destination => ({ ...destination, weight: 0 });
const busy = (destination: Destination) => ({ ...destination, activeConnections: 3, inactiveConnections: 4 });
const share = (scheduler: string, remedy: string) =>
  `destination refused: ${scheduler} still gives a server of weight 0 its share of clients, who are refused${remedy}`;

const cases: readonly [string, DesiredState, DesiredState, readonly string[]][] = [
  ["a new server", alone({}, one), alone({}, one, two), []],
  ["a weight that falls", alone({}, { ...one, weight: 5 }, two), alone({}, one, two), []],
  ["a drained server", alone({ scheduler: "rr" }, one, two), alone({ scheduler: "rr" }, one, drained(two)), []],
  ["a forwarding method", alone({}, one), alone({}, { ...one, forward: "tunnel" }), []],
  ["an idle server that goes", alone({}, one, two), alone({}, one), []],
  [
    "a busy server that goes",
    alone({}, one, busy(two)),
    alone({}, one),
    ["destination cut: 3 active and 4 inactive connections end or hang"],
  ],
  [
    "the last server of a weight",
    alone({}, one),
    alone({}, drained(one)),
    ["destination refused: no server of a weight above 0 is left"],
  ],
  ["the last server", alone({}, one), alone({}), ["destination refused: no server of a weight above 0 is left"]],
  [
    "a scheduler",
    alone({ scheduler: "rr" }, one),
    alone({ scheduler: "wrr" }, one),
    ["service refused: the kernel refuses new connections for some milliseconds while it changes the scheduler"],
  ],
  [
    "a drained server of sh",
    alone({ scheduler: "sh" }, one, two),
    alone({ scheduler: "sh" }, one, drained(two)),
    [share("sh", "; the flag sh-fallback prevents that")],
  ],
  [
    "a drained server of dh",
    alone({ scheduler: "dh" }, one, two),
    alone({ scheduler: "dh" }, one, drained(two)),
    [share("dh", "")],
  ],
  [
    "a drained server of mh with fallback",
    alone({ scheduler: "mh", schedulerFlags: [1] }, one, two),
    alone({ scheduler: "mh", schedulerFlags: [1] }, one, drained(two)),
    [],
  ],
  [
    "a new server of sh with weight 0",
    alone({ scheduler: "sh" }, one),
    alone({ scheduler: "sh" }, one, drained(two)),
    [share("sh", "; the flag sh-fallback prevents that")],
  ],
  [
    "a new server of mh with weight 0",
    alone({ scheduler: "mh" }, one),
    alone({ scheduler: "mh" }, one, drained(two)),
    [],
  ],
  ["a new service of sh with one", { services: [] }, alone({ scheduler: "sh" }, one, drained(two)), []],
  [
    "a threshold of dh that is reached",
    alone({ scheduler: "dh" }, busy(one), two),
    alone({ scheduler: "dh" }, { ...one, upperThreshold: 7 }, two),
    ["destination refused: it has 7 connections, so it takes no new ones at once, and its share of clients is refused"],
  ],
  [
    "a lost fallback",
    alone({ scheduler: "sh", schedulerFlags: [1] }, one, drained(two)),
    alone({ scheduler: "sh" }, one, drained(two)),
    [share("sh", "; the flag sh-fallback prevents that").replace("destination", "service")],
  ],
  [
    "a netmask of persistence",
    alone({ persistent: true, timeout: 300, netmask: "255.255.255.255" }, one),
    alone({ persistent: true, timeout: 300, netmask: "255.255.255.0" }, one),
    ["service moved: known clients lose their server and are scheduled again"],
  ],
  [
    "a timeout of persistence",
    alone({ persistent: true, timeout: 300 }, one),
    alone({ persistent: true, timeout: 60 }, one),
    [],
  ],
  [
    "a threshold that is reached",
    alone({}, busy(one), two),
    alone({}, { ...one, upperThreshold: 7 }, two),
    ["destination moved: it has 7 connections, so it takes no new ones at once"],
  ],
  ["a threshold that is not", alone({}, busy(one), two), alone({}, { ...one, upperThreshold: 8 }, two), []],
  [
    "a service that goes",
    alone({}, busy(one)),
    { services: [] },
    [
      "service refused: its clients are refused from now on",
      "service cut: 3 active and 4 inactive connections end or hang",
    ],
  ],
  [
    "an exact service beside one of every port",
    alone({ port: 0, persistent: true, timeout: 300 }, one),
    { services: [entry({ port: 0, persistent: true, timeout: 300 }, one), entry({ port: 443 }, one)] },
    [`service moved: takes new connections from ${serviceIdentity(service({ port: 0 }))}`],
  ],
  [
    "a daemon that starts again",
    { daemons: [{ state: "master", interface: "eth0", syncId: 1 }] },
    { daemons: [{ state: "master", interface: "eth0", syncId: 2 }] },
    ["daemon unsynced: while no master daemon runs, other directors do not learn of new connections"],
  ],
];

for (const [name, before, after, expected] of cases) {
  test(`${name} costs ${expected.length === 0 ? "nothing" : "something"}`, () => {
    assert.notDeepEqual(before, after);
    assert.deepEqual(costsOf(before, after), expected);
  });
}

const services = (count: number): DesiredState => ({
  services: Array.from({ length: count }, (_, index) => ({
    service: markService({ family: "inet", fwmark: index + 1 }),
    destinations: [one],
  })),
});

test("more deletions than are allowed are found", () => {
  const excess = (from: number, to: number, limit = defaultDeletionLimit as Parameters<typeof findExcess>[2]) =>
    findExcess(makePlan(services(from), services(to)), from, limit);
  assert.equal(excess(4, 2), undefined);
  assert.equal(excess(4, 1), "3 of 4 services would be deleted, and at most 50 % may be");
  assert.equal(excess(4, 1, { services: 3 }), undefined);
  assert.equal(excess(4, 0, { services: 3 }), "4 of 4 services would be deleted, and at most 3 may be");
  assert.equal(excess(4, 0, { percent: 100 }), undefined);
  const emptied = { services: [{ service: markService({ family: "inet", fwmark: 1 }), destinations: [] }] };
  const plan = makePlan(services(1), emptied);
  assert.equal(findExcess(plan, 1, defaultDeletionLimit), "inet fwmark 1 would lose all of its servers");
  assert.equal(findExcess(plan, 1, { percent: 100 }), undefined);
});

test("services that are left alone are in neither state", () => {
  const current = services(4);
  const desired = { ...services(2), timeouts: { tcp: 1, tcpFin: 1, udp: 1 } };
  const marksOf = (state: DesiredState) =>
    state.services?.map(({ service }) => ("fwmark" in service ? service.fwmark : 0));
  const isOdd = (key: object) => "fwmark" in key && Number(key.fwmark) % 2 === 1;

  const only = narrowStates({ current, desired }, { only: isOdd });
  assert.deepEqual([marksOf(only.current), marksOf(only.desired)], [[1, 3], [1]]);
  assert.equal(only.desired.timeouts, undefined);

  const ignored = narrowStates({ current, desired }, { ignore: isOdd });
  assert.deepEqual([marksOf(ignored.current), marksOf(ignored.desired)], [[2, 4], [2]]);
  assert.ok(ignored.desired.timeouts);

  const unpruned = narrowStates({ current, desired }, { prune: false });
  assert.deepEqual(
    [marksOf(unpruned.current), marksOf(unpruned.desired)],
    [
      [1, 2],
      [1, 2],
    ],
  );
});

test("servers that stay keep their weights", () => {
  const current = alone({}, { ...one, weight: 7 });
  const desired = alone({}, { ...one, weight: 1 }, { ...two, weight: 2 });
  const { desired: kept } = narrowStates({ current, desired }, { keepWeights: true });
  assert.deepEqual(
    kept.services?.[0]?.destinations.map(({ weight }) => weight),
    [7, 2],
  );
});

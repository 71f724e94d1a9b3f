import assert from "node:assert/strict";
import { test } from "node:test";
import type { DesiredState } from "../../../src/model/desired.js";
import type { DestinationEntry, ServiceEntry } from "../../../src/model/table.js";
import { findDifference, partsToRead } from "../../../src/plan/difference.js";
import { toSteps } from "../../../src/plan/steps.js";
import { counters, server, service } from "../../support/entries.js";

function countSteps(current: DesiredState, desired: DesiredState): number {
  return [...toSteps(findDifference(desired, current, "replace"), "replace")].length;
}

/** Whether a service and its server with some settings differ from those with others. */
function differ(before: [Partial<ServiceEntry>, Partial<DestinationEntry>], after: typeof before): boolean {
  const [current, desired] = [before, after].map(([settings, destination]) => ({
    services: [{ service: { ...service(), ...settings }, destinations: [server(destination)] }],
  }));
  return countSteps(current ?? {}, desired ?? {}) > 0;
}

test("every setting counts", () => {
  const persistent = { persistent: true, timeout: 60, netmask: "255.255.255.255" };
  const tunnel = { type: "gue", port: 1, checksum: "nocsum" } as const;
  for (const [before, after] of [
    [{}, { scheduler: "rr" }],
    [{}, { schedulerFlags: [1] }],
    [{ schedulerFlags: [1, 2] }, { schedulerFlags: [1, 3] }],
    [{}, { onePacket: true }],
    [{}, { engine: "sip" }],
    [{}, persistent],
    [persistent, { ...persistent, timeout: 61 }],
    [persistent, { ...persistent, netmask: "255.255.255.0" }],
  ] as const) {
    assert.ok(differ([before, {}], [after, {}]), JSON.stringify(after));
    assert.ok(differ([after, {}], [before, {}]), JSON.stringify(after));
  }
  for (const [before, after] of [
    [{}, { weight: 0 }],
    [{}, { forward: "route" }],
    [{}, { forward: "local" }],
    [{ upperThreshold: 5 }, { upperThreshold: 6 }],
    [{ upperThreshold: 5 }, { upperThreshold: 5, lowerThreshold: 1 }],
    [{ forward: "tunnel" }, { forward: "tunnel", tunnel }],
    [
      { forward: "tunnel", tunnel },
      { forward: "tunnel", tunnel: { ...tunnel, port: 2 } },
    ],
    [
      { forward: "tunnel", tunnel },
      { forward: "tunnel", tunnel: { ...tunnel, checksum: "csum" } },
    ],
  ] as const) {
    assert.ok(differ([{}, before], [{}, after]), JSON.stringify(after));
    assert.ok(differ([{}, after], [{}, before]), JSON.stringify(after));
  }
});

test("settings that the kernel does not use, and what it measures, do not count", () => {
  const tunnel = { type: "gue", port: 1, checksum: "nocsum" } as const;
  for (const [before, after] of [
    [{}, { counters: counters(9n), rates: counters(9n) }],
    [{}, { timeout: 60, netmask: "255.0.0.0" }],
  ] as const) {
    assert.ok(!differ([before, {}], [after, {}]));
  }
  for (const [before, after] of [
    [{}, { activeConnections: 1, inactiveConnections: 2, persistentConnections: 3, counters: counters(9n) }],
    [{}, { tunnel }],
  ] as const) {
    assert.ok(!differ([{}, before], [{}, after]));
  }
});

test("a part that is not desired is neither read nor changed", () => {
  const current: DesiredState = {
    services: [{ service: service(), destinations: [server()] }],
    timeouts: { tcp: 1, tcpFin: 2, udp: 3 },
    daemons: [{ state: "master", interface: "eth0", syncId: 0 }],
  };
  assert.equal(countSteps(current, {}), 0);
  assert.deepEqual(partsToRead({}, "replace"), []);
  assert.deepEqual(partsToRead({ daemons: [], services: [] }, "replace"), ["services", "daemons"]);
  assert.deepEqual(partsToRead(current, "replace"), ["services", "timeouts", "daemons"]);
  assert.deepEqual(partsToRead(current, "add"), ["daemons"]);
});

test("timeouts of 0 stand for the current ones", () => {
  const timeouts = { tcp: 1, tcpFin: 2, udp: 3 };
  assert.equal(countSteps({ timeouts }, { timeouts: { tcp: 0, tcpFin: 2, udp: 0 } }), 0);
  assert.equal(countSteps({ timeouts }, { timeouts: { tcp: 0, tcpFin: 3, udp: 0 } }), 1);
  assert.equal(countSteps({}, { timeouts }), 1);
});

test("a daemon that runs as wanted stays, whatever is left to the kernel", () => {
  const wanted = { state: "master", interface: "eth0", syncId: 7 } as const;
  const running = {
    ...wanted,
    syncMaxLength: 1472,
    multicastGroup: "224.0.0.81",
    multicastPort: 8848,
    multicastTtl: 1,
  };
  assert.equal(countSteps({ daemons: [running] }, { daemons: [wanted] }), 0);
  assert.equal(countSteps({ daemons: [running] }, { daemons: [{ ...wanted, multicastTtl: 2 }] }), 2);
  assert.equal(countSteps({ daemons: [running] }, { daemons: [] }), 1);
  assert.equal(countSteps({ daemons: [] }, { daemons: [wanted] }), 1);
});

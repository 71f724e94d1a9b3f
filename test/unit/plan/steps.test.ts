import assert from "node:assert/strict";
import { test } from "node:test";
import type { Change } from "../../../src/model/change.js";
import type { DesiredService, DesiredState } from "../../../src/model/desired.js";
import { destinationIdentity, serviceIdentity } from "../../../src/model/identity.js";
import type { Daemon } from "../../../src/model/table.js";
import { findDifference, type PlanMode } from "../../../src/plan/difference.js";
import { toSteps } from "../../../src/plan/steps.js";
import { markService, server, service } from "../../support/entries.js";

/** The steps as lines: the command, its object, and the path. */
function linesOf(current: DesiredState, desired: DesiredState, mode: PlanMode = "replace"): string[] {
  const steps = toSteps(findDifference(desired, current, mode), mode);
  return [...steps].map(({ path, change }) => `${change.command} ${subjectOf(change)} (${path})`);
}

function subjectOf(change: Change): string {
  if ("destination" in change) return destinationIdentity(change.destination);
  if ("service" in change && change.service !== "all") return serviceIdentity(change.service);
  if ("daemon" in change) return change.daemon.state;
  return "state" in change ? change.state : "";
}

const web = service({ scheduler: "rr" });
const mark = (fwmark: number, changes: Parameters<typeof markService>[1] = {}) =>
  markService({ family: "inet", fwmark }, { scheduler: "rr", ...changes });
const alone = (...services: DesiredService["service"][]): DesiredService[] =>
  services.map((one) => ({ service: one, destinations: [] }));
const daemon: Daemon = { state: "master", interface: "eth0", syncId: 1 };
const timeouts = { tcp: 900, tcpFin: 120, udp: 300 };

test("every kind of change has its turn", () => {
  const at = (port: number, changes: Parameters<typeof server>[0] = {}) => server({ port, ...changes });
  const current: DesiredState = {
    services: [
      { service: web, destinations: [at(1, { weight: 3 }), at(2, { weight: 0 }), at(3), at(4), at(5), at(6)] },
      ...alone(mark(1), mark(2), mark(3), mark(6)),
    ],
    timeouts,
    daemons: [daemon, { ...daemon, state: "backup" }],
  };
  const desired: DesiredState = {
    services: [
      ...alone(mark(1, { onePacket: true }), mark(2, { scheduler: "sh" }), mark(4)),
      { service: mark(5, { engine: "sip" }), destinations: [at(1)] },
      {
        service: web,
        destinations: [
          ...[at(1, { weight: 0 }), at(2, { weight: 1 }), at(3, { upperThreshold: 5 }), at(4, { forward: "route" })],
          ...[at(6, { lowerThreshold: 0 }), at(7)],
        ],
      },
    ],
    timeouts: { ...timeouts, udp: 1 },
    daemons: [{ ...daemon, syncId: 2 }],
  };
  assert.deepEqual(linesOf(current, desired), [
    "stop-daemon master (daemons)",
    "stop-daemon backup (daemons)",
    "add-service inet fwmark 5 (services[3])",
    "add-destination 10.1.0.1:1 (services[3].destinations[0])",
    "edit-service inet fwmark 2 (services[1])",
    "add-service inet fwmark 4 (services[2])",
    "edit-service inet fwmark 1 (services[0])",
    "add-destination 10.1.0.1:7 (services[4].destinations[5])",
    "edit-destination 10.1.0.1:2 (services[4].destinations[1])",
    "edit-destination 10.1.0.1:4 (services[4].destinations[3])",
    "edit-destination 10.1.0.1:1 (services[4].destinations[0])",
    "edit-destination 10.1.0.1:3 (services[4].destinations[2])",
    "delete-destination 10.1.0.1:5 (services[4].destinations)",
    "delete-service inet fwmark 3 (services)",
    "delete-service inet fwmark 6 (services)",
    "set-timeouts  (timeouts)",
    "start-daemon master (daemons[0])",
  ]);
});

test("an addition has the order of the document, and compares only daemons", () => {
  const desired: DesiredState = {
    services: [...alone(mark(1)), { service: web, destinations: [server()] }, ...alone(mark(2, { scheduler: "sh" }))],
    timeouts,
    daemons: [daemon],
  };
  const added = [
    "set-timeouts  (timeouts)",
    "add-service inet fwmark 1 (services[0])",
    "add-service tcp 10.0.0.1:80 (services[1])",
    "add-destination 10.1.0.1:80 (services[1].destinations[0])",
    "add-service inet fwmark 2 (services[2])",
  ];
  assert.deepEqual(linesOf({ daemons: [] }, desired, "add"), [...added, "start-daemon master (daemons[0])"]);
  assert.deepEqual(linesOf({ daemons: [{ ...daemon, syncMaxLength: 1472 }] }, desired, "add"), added);
  const other = { daemons: [{ ...daemon, syncId: 9 }] };
  assert.deepEqual(linesOf(other, desired, "add"), [...added, "start-daemon master (daemons[0])"]);
});

test("a scheduler has its fallback flag before weights fall, and until servers are deleted", () => {
  const [plain, fallback] = [
    mark(1, { scheduler: "sh", schedulerFlags: [2] }),
    mark(1, { scheduler: "sh", schedulerFlags: [1, 2] }),
  ];
  const [both, one] = [[server(), server({ port: 81 })], [server({ weight: 0 })]];
  assert.deepEqual(
    linesOf(
      { services: [{ service: plain, destinations: both }] },
      { services: [{ service: fallback, destinations: one }] },
    ),
    [
      "edit-service inet fwmark 1 (services[0])",
      "edit-destination 10.1.0.1:80 (services[0].destinations[0])",
      "delete-destination 10.1.0.1:81 (services[0].destinations)",
    ],
  );
  assert.deepEqual(
    linesOf(
      { services: [{ service: fallback, destinations: both }] },
      { services: [{ service: plain, destinations: one }] },
    ),
    [
      "edit-destination 10.1.0.1:80 (services[0].destinations[0])",
      "delete-destination 10.1.0.1:81 (services[0].destinations)",
      "edit-service inet fwmark 1 (services[0])",
    ],
  );
});

test("a server without a limit is there before another one gets a limit, whatever their weights do", () => {
  const at = (port: number, weight: number, upperThreshold: number) => server({ port, weight, upperThreshold });
  const tableOf = (...destinations: DesiredService["destinations"]) => ({ services: [{ service: web, destinations }] });
  const orderOf = (before: DesiredState, after: DesiredState) =>
    linesOf(before, after).map((line) => /:(\d) /.exec(line)?.[1]);
  // Both weights fall, or rise; one server loses its limit, and the other one gets one.
  assert.deepEqual(orderOf(tableOf(at(1, 5, 0), at(2, 5, 9)), tableOf(at(1, 3, 9), at(2, 3, 0))), ["2", "1"]);
  assert.deepEqual(orderOf(tableOf(at(1, 3, 0), at(2, 3, 9)), tableOf(at(1, 5, 9), at(2, 5, 0))), ["2", "1"]);
  // What a server of weight 0 gets is more, whatever its limit.
  assert.deepEqual(orderOf(tableOf(at(1, 3, 9), at(2, 0, 0)), tableOf(at(1, 0, 0), at(2, 1, 9))), ["2", "1"]);
});

test("the last service of each family is deleted last", () => {
  const mark6 = (fwmark: number) => markService({ family: "inet6", fwmark }, { netmask: 128 });
  const current = { services: alone(mark6(1), mark6(2), mark(1), mark(2), mark(3)) };
  assert.deepEqual(linesOf(current, { services: [] }), [
    "delete-service inet6 fwmark 1 (services)",
    "delete-service inet fwmark 1 (services)",
    "delete-service inet fwmark 2 (services)",
    "delete-service inet6 fwmark 2 (services)",
    "delete-service inet fwmark 3 (services)",
  ]);
});

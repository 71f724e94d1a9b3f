import assert from "node:assert/strict";
import { test } from "node:test";
import type { Change } from "../../../../src/model/change.js";
import { type ChangeInput, completeChange } from "../../../../src/model/input/change-input.js";
import { server, service } from "../../../support/entries.js";
import { Random } from "../../../support/random.js";
import { randomTable } from "../../../support/random-table.js";

test("a change that leaves nothing out is itself", () => {
  for (let seed = 1; seed <= 50; seed++) {
    const { services, daemons, timeouts } = randomTable(new Random(seed));
    for (const { service, destinations } of services) {
      for (const command of ["add-service", "edit-service"] as const) {
        assert.deepEqual(completeChange({ command, service }), { command, service: onlySettings(service) });
      }
      for (const destination of destinations) {
        for (const command of ["add-destination", "edit-destination"] as const) {
          const complete = completeChange({ command, service, destination });
          assert.ok("destination" in complete);
          assert.deepEqual(complete.destination, onlySettings(destination));
        }
      }
    }
    assert.deepEqual(completeChange({ command: "set-timeouts", timeouts }), { command: "set-timeouts", timeouts });
    for (const daemon of daemons) {
      const complete = completeChange({ command: "start-daemon", daemon });
      assert.ok("daemon" in complete);
      assert.deepEqual({ ...complete.daemon, ...daemon }, complete.daemon);
    }
  }
});

/** The change without what the kernel measures. */
function onlySettings(entry: object): object {
  const measured = /^(counters|rates|.*Connections)$/;
  return Object.fromEntries(Object.entries(entry).filter(([name]) => !measured.test(name)));
}

test("other changes, with defaults for what they leave out", () => {
  const web = { protocol: "tcp", address: "10.0.0.1", port: 80 } as const;
  const key = { family: "inet", ...web } as const;
  const changes: readonly (readonly [ChangeInput, Change])[] = [
    [
      { command: "delete-service", service: web },
      { command: "delete-service", service: key },
    ],
    [
      { command: "delete-destination", service: web, destination: { address: "10.0.0.2" } },
      { command: "delete-destination", service: key, destination: { family: "inet", address: "10.0.0.2", port: 80 } },
    ],
    [{ command: "flush" }, { command: "flush" }],
    [
      { command: "zero", service: "all" },
      { command: "zero", service: "all" },
    ],
    [
      { command: "zero", service: { fwmark: 3 } },
      { command: "zero", service: { family: "inet", fwmark: 3 } },
    ],
    [
      { command: "set-timeouts", timeouts: { udp: 5 } },
      { command: "set-timeouts", timeouts: { tcp: 0, tcpFin: 0, udp: 5 } },
    ],
    [
      { command: "stop-daemon", state: "backup" },
      { command: "stop-daemon", state: "backup", syncId: 0 },
    ],
    [
      { command: "start-daemon", daemon: { state: "master", interface: "eth0", multicastGroup: "FF02::1" } },
      {
        command: "start-daemon",
        daemon: {
          state: "master",
          interface: "eth0",
          syncId: 0,
          syncMaxLength: 0,
          multicastGroup: "ff02::1",
          multicastPort: 0,
          multicastTtl: 0,
        },
      },
    ],
  ];
  for (const [input, change] of changes) assert.deepEqual(completeChange(input), change);
});

test("an edit that leaves a setting out is refused: it would reset it", () => {
  const refuses = (change: object, path: string) =>
    assert.throws(() => completeChange(change as ChangeInput), {
      name: "TypeError",
      message: `${path} is missing, and an edit replaces every setting`,
    });
  for (const name of ["scheduler", "schedulerFlags", "onePacket", "persistent", "timeout", "netmask"]) {
    refuses({ command: "edit-service", service: { ...service(), [name]: undefined } }, `service.${name}`);
  }
  for (const name of ["forward", "weight", "upperThreshold", "lowerThreshold", "tunnel"]) {
    const destination = { ...server(), [name]: undefined };
    refuses({ command: "edit-destination", service: service(), destination }, `destination.${name}`);
  }
});

test("faults name the field, after the prefix", () => {
  const faults: readonly (readonly [change: object, message: string])[] = [
    [{ command: "set-timeouts", timeouts: { tcp: -1 } }, "timeouts.tcp must be an integer from 0 to 2678400, not -1"],
    [{ command: "stop-daemon", state: "slave" }, 'state must be one of master, backup, not "slave"'],
    [{ command: "stop-daemon", state: "master", syncId: 256 }, "syncId must be an integer from 0 to 255, not 256"],
    [
      { command: "start-daemon", daemon: { state: "master", interface: "a/b" } },
      'daemon.interface must be the name of an interface, not "a/b"',
    ],
    [
      { command: "start-daemon", daemon: { state: "master", interface: "eth0", multicastGroup: "all" } },
      'daemon.multicastGroup must be an IPv4 address, not "all"',
    ],
    [{ command: "zero" }, 'service must be a service or "all", not undefined'],
    [{ command: "zero", service: undefined }, 'service must be a service or "all", not undefined'],
    [{ command: "zero", service: "web" }, 'service must be an object, not "web"'],
    [{ command: "zero", service: { fwmark: -1 } }, "service.fwmark must be an integer from 1 to 4294967295, not -1"],
    [{ command: "add" }, 'command is unknown: "add"'],
  ];
  for (const [change, message] of faults) {
    assert.throws(() => completeChange(change as ChangeInput), { message });
    assert.throws(() => completeChange(change as ChangeInput, "changes[3]."), { message: `changes[3].${message}` });
  }
  const noChange = null as unknown as ChangeInput;
  assert.throws(() => completeChange(noChange), { message: "change must be an object, not null" });
  assert.throws(() => completeChange(noChange, "changes[3]."), { message: "changes[3] must be an object, not null" });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  completeService,
  completeServiceKey,
  type ServiceInput,
  type ServiceKeyInput,
} from "../../../../src/model/input/service-input.js";
import type { ServiceSettings } from "../../../../src/model/table.js";

const web = { protocol: "tcp", address: "10.0.0.1", port: 80 } as const;
const wholeWeb = { family: "inet", ...web } as const;

const defaults: ServiceSettings = {
  scheduler: "wlc",
  schedulerFlags: [],
  onePacket: false,
  persistent: false,
  timeout: 0,
  netmask: "255.255.255.255",
};

test("a key has the family of its address, and canonical text", () => {
  const keys: readonly (readonly [ServiceKeyInput, object])[] = [
    [web, wholeWeb],
    [
      { protocol: "udp", address: "2001:DB8:0:0::1", port: 0 },
      { family: "inet6", protocol: "udp", address: "2001:db8::1", port: 0 },
    ],
    [{ ...web, family: undefined }, wholeWeb],
    [{ fwmark: 1 }, { family: "inet", fwmark: 1 }],
    [
      { family: "inet6", fwmark: 2 ** 32 - 1 },
      { family: "inet6", fwmark: 2 ** 32 - 1 },
    ],
  ];
  for (const [input, key] of keys) assert.deepEqual(completeServiceKey(input), key);
});

test("what is left out, or undefined, has ipvsadm's default", () => {
  assert.deepEqual(completeService(web), { ...wholeWeb, ...defaults });
  assert.deepEqual(completeService({ ...web, scheduler: undefined, timeout: undefined, engine: undefined }), {
    ...wholeWeb,
    ...defaults,
  });
  const address = "::1";
  assert.equal(completeService({ ...web, address }).netmask, 128);
});

test("a timeout, netmask or engine makes a service persistent, unless `persistent` is false", () => {
  const cases: readonly (readonly [Partial<ServiceSettings>, Partial<ServiceSettings>])[] = [
    [{ persistent: true }, { persistent: true, timeout: 360 }],
    [{ timeout: 60 }, { persistent: true, timeout: 60 }],
    [{ timeout: 0 }, { persistent: false, timeout: 0 }],
    [{ netmask: "255.255.255.0" }, { persistent: true, timeout: 360, netmask: "255.255.255.0" }],
    [{ netmask: 20 }, { persistent: true, timeout: 360, netmask: "255.255.240.0" }],
    [{ engine: "sip" }, { persistent: true, timeout: 360, engine: "sip" }],
    [{ engine: "" }, { persistent: false }],
    [
      { persistent: false, timeout: 60 },
      { persistent: false, timeout: 60 },
    ],
  ];
  for (const [given, expected] of cases) {
    assert.deepEqual(completeService({ ...web, ...given }), { ...wholeWeb, ...defaults, ...expected });
  }
});

test("scheduler flags are sorted, without duplicates", () => {
  assert.deepEqual(completeService({ ...web, schedulerFlags: [3, 1, 3] }).schedulerFlags, [1, 3]);
});

test("an edit keeps what it does not name", () => {
  const current: ServiceSettings = {
    scheduler: "mh",
    schedulerFlags: [2],
    onePacket: true,
    persistent: true,
    timeout: 300,
    netmask: "255.255.0.0",
    engine: "sip",
  };
  const edit = (given: Partial<ServiceSettings>, from = current) =>
    completeService({ ...web, ...given }, "service", from);
  assert.deepEqual(edit({}), { ...wholeWeb, ...current });
  const changes: readonly Partial<ServiceSettings>[] = [
    { scheduler: "rr" },
    { schedulerFlags: [] },
    { onePacket: false },
    { persistent: false },
    { timeout: 1 },
    { netmask: "255.255.255.255" },
    { engine: "other" },
  ];
  for (const change of changes) assert.deepEqual(edit(change), { ...wholeWeb, ...current, ...change });
  const { engine: _, ...withoutEngine } = current;
  assert.deepEqual(edit({ engine: "" }), { ...wholeWeb, ...withoutEngine });
  assert.deepEqual(edit({ persistent: true }, defaults), { ...wholeWeb, ...defaults, persistent: true, timeout: 360 });
  assert.deepEqual(edit({ timeout: 60 }, defaults), { ...wholeWeb, ...defaults, persistent: true, timeout: 60 });
});

test("an edit accepts a service that ipvsadm would not have made", () => {
  const edit = (current: ServiceSettings) => completeService({ ...web, port: 0, scheduler: "rr" }, "service", current);
  assert.equal(edit(defaults).persistent, false);
  assert.equal(edit({ ...defaults, persistent: true }).timeout, 0);
  assert.throws(() =>
    completeService({ ...web, port: 0, persistent: false }, "service", { ...defaults, persistent: true }),
  );
});

test("wrong values are refused by name", () => {
  const faults: readonly (readonly [given: object, name: string, message: string])[] = [
    [{ protocol: "icmp" }, "RangeError", 'service.protocol must be one of tcp, udp, sctp, not "icmp"'],
    [{ protocol: undefined }, "RangeError", "service.protocol must be one of tcp, udp, sctp, not undefined"],
    [{ family: "inet4" }, "RangeError", 'service.family must be one of inet, inet6, not "inet4"'],
    [{ family: "inet6" }, "RangeError", 'service.address must be an IPv6 address, not "10.0.0.1"'],
    [{ address: "10.0.0.01" }, "RangeError", 'service.address must be an IPv4 address, not "10.0.0.01"'],
    [{ address: "www" }, "RangeError", 'service.address must be an IPv4 address, not "www"'],
    [{ address: undefined }, "TypeError", "service.address must be a string, not undefined"],
    [{ port: -1 }, "RangeError", "service.port must be an integer from 0 to 65535, not -1"],
    [{ port: 0.5 }, "RangeError", "service.port must be an integer from 0 to 65535, not 0.5"],
    [{ port: "80" }, "TypeError", 'service.port must be a number, not "80"'],
    [{ port: 0 }, "RangeError", "service.port 0, which means every port, needs a persistent service"],
    [{ fwmark: 0 }, "RangeError", "service.fwmark must be an integer from 1 to 4294967295, not 0"],
    [{ scheduler: "" }, "RangeError", 'service.scheduler must be 1 to 15 letters, digits, _ and -, not ""'],
    [
      { scheduler: "sixteen-letters-" },
      "RangeError",
      'service.scheduler must be 1 to 15 letters, digits, _ and -, not "sixteen-letters-"',
    ],
    [{ scheduler: null }, "TypeError", "service.scheduler must be a string, not null"],
    [{ schedulerFlags: [4] }, "RangeError", "service.schedulerFlags[0] must be one of 1, 2, 3, not 4"],
    [{ schedulerFlags: 1 }, "TypeError", "service.schedulerFlags must be an array, not 1"],
    [{ onePacket: 1 }, "TypeError", "service.onePacket must be true or false, not 1"],
    [{ onePacket: true }, "RangeError", "service.onePacket is only for udp and firewall marks, not for tcp"],
    [{ persistent: {} }, "TypeError", "service.persistent must be true or false, not an object"],
    [{ timeout: 2678401 }, "RangeError", "service.timeout must be an integer from 1 to 2678400, not 2678401"],
    [{ timeout: 0, persistent: true }, "RangeError", "service.timeout must be an integer from 1 to 2678400, not 0"],
    [{ netmask: 33 }, "RangeError", "service.netmask must be an integer from 0 to 32, not 33"],
    [{ netmask: "/24" }, "RangeError", 'service.netmask must be an IPv4 address, not "/24"'],
    [
      { address: "::1", netmask: "255.255.255.255" },
      "TypeError",
      'service.netmask must be a number, not "255.255.255.255"',
    ],
    [{ engine: "a b" }, "RangeError", 'service.engine must be 1 to 15 letters, digits, _ and -, not "a b"'],
  ];
  for (const [given, name, message] of faults) {
    const input = { ...web, ...given } as ServiceInput;
    assert.throws(() => completeService(input), { name, message }, JSON.stringify(given));
  }
  assert.throws(() => completeServiceKey("10.0.0.1:80" as unknown as ServiceKeyInput), {
    name: "TypeError",
    message: 'service must be an object, not "10.0.0.1:80"',
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  completeDestination,
  completeDestinationKey,
  type DestinationInput,
  type DestinationKeyInput,
  type DestinationSettingsInput,
} from "../../../../src/model/input/destination-input.js";
import type { DestinationSettings, ServiceKey } from "../../../../src/model/table.js";

const service: ServiceKey = { family: "inet", protocol: "tcp", address: "10.0.0.1", port: 80 };
const address = "10.0.0.2";
const key = { family: "inet", address, port: 80 } as const;

const defaults: DestinationSettings = {
  forward: "route",
  weight: 1,
  upperThreshold: 0,
  lowerThreshold: 0,
  tunnel: { type: "ipip", port: 0, checksum: "nocsum" },
};

test("a key has the family of its address, canonical text, and the service's port", () => {
  const keys: readonly (readonly [DestinationKeyInput, object])[] = [
    [{ address }, key],
    [
      { address, port: 8080 },
      { ...key, port: 8080 },
    ],
    [
      { address, port: 0 },
      { ...key, port: 0 },
    ],
    [{ address: "FE80::0:1" }, { family: "inet6", address: "fe80::1", port: 80 }],
  ];
  for (const [input, expected] of keys) assert.deepEqual(completeDestinationKey(service, input), expected);
  assert.deepEqual(completeDestinationKey({ family: "inet", fwmark: 1 }, { address }), { ...key, port: 0 });
});

test("what is left out, or undefined, has ipvsadm's default", () => {
  assert.deepEqual(completeDestination(service, { address }), { ...key, ...defaults });
  assert.deepEqual(completeDestination(service, { address, weight: undefined, tunnel: undefined, port: undefined }), {
    ...key,
    ...defaults,
  });
});

test("a tunnel makes the forwarding method tunnel, unless another is given", () => {
  const cases: readonly (readonly [DestinationSettingsInput, Partial<DestinationSettings>])[] = [
    [{ tunnel: {} }, { forward: "tunnel" }],
    [{ tunnel: { type: "gre" } }, { forward: "tunnel", tunnel: { type: "gre", port: 0, checksum: "nocsum" } }],
    [
      { tunnel: { type: "gue", port: 6080, checksum: "csum" } },
      { forward: "tunnel", tunnel: { type: "gue", port: 6080, checksum: "csum" } },
    ],
    [{ forward: "masq", tunnel: { type: "ipip" } }, { forward: "masq" }],
  ];
  for (const [given, expected] of cases) {
    assert.deepEqual(completeDestination(service, { address, ...given }), { ...key, ...defaults, ...expected });
  }
});

test("an edit keeps what it does not name", () => {
  const current: DestinationSettings = {
    forward: "tunnel",
    weight: 7,
    upperThreshold: 20,
    lowerThreshold: 10,
    tunnel: { type: "gue", port: 6080, checksum: "remcsum" },
  };
  const edit = (given: DestinationSettingsInput) =>
    completeDestination(service, { address, ...given }, "destination", current);
  assert.deepEqual(edit({}), { ...key, ...current });
  const changes: readonly Partial<DestinationSettings>[] = [
    { forward: "masq" },
    { weight: 0 },
    { upperThreshold: 10 },
    { lowerThreshold: 0 },
  ];
  for (const change of changes) assert.deepEqual(edit(change), { ...key, ...current, ...change });
  const tunnels: readonly (readonly [DestinationSettingsInput["tunnel"], object])[] = [
    [{ port: 1 }, { ...current.tunnel, port: 1 }],
    [
      { type: "gue", checksum: "nocsum" },
      { ...current.tunnel, checksum: "nocsum" },
    ],
    [{ type: "gre" }, { type: "gre", port: 0, checksum: "nocsum" }],
  ];
  for (const [tunnel, expected] of tunnels) assert.deepEqual(edit({ tunnel }).tunnel, expected);
});

test("wrong values are refused by name", () => {
  const count = "must be an integer from 0 to 2147483647, not";
  const faults: readonly (readonly [given: object, name: string, message: string])[] = [
    [{ address: undefined }, "TypeError", "destination.address must be a string, not undefined"],
    [{ address: "10.0.0" }, "RangeError", 'destination.address must be an IPv4 address, not "10.0.0"'],
    [{ port: 65536 }, "RangeError", "destination.port must be an integer from 0 to 65535, not 65536"],
    [{ forward: "nat" }, "RangeError", 'destination.forward must be one of masq, local, tunnel, route, not "nat"'],
    [{ weight: -1 }, "RangeError", `destination.weight ${count} -1`],
    [{ weight: Number.NaN }, "RangeError", `destination.weight ${count} NaN`],
    [{ weight: 1n }, "TypeError", "destination.weight must be a number, not 1"],
    [{ upperThreshold: 2 ** 31 }, "RangeError", `destination.upperThreshold ${count} 2147483648`],
    [{ lowerThreshold: 0.1 }, "RangeError", `destination.lowerThreshold ${count} 0.1`],
    [
      { lowerThreshold: 2, upperThreshold: 1 },
      "RangeError",
      "destination.lowerThreshold must not be above the upperThreshold, 1",
    ],
    [
      { address: "::1" },
      "RangeError",
      "destination.address of a family other than the service's needs the forwarding method tunnel",
    ],
    [{ tunnel: "gre" }, "TypeError", 'destination.tunnel must be an object, not "gre"'],
    [{ tunnel: { type: "l2tp" } }, "RangeError", 'destination.tunnel.type must be one of ipip, gue, gre, not "l2tp"'],
    [{ tunnel: { type: "gue" } }, "RangeError", "destination.tunnel.port is missing: a gue tunnel needs one"],
    [
      { tunnel: { checksum: "sum" } },
      "RangeError",
      'destination.tunnel.checksum must be one of nocsum, csum, remcsum, not "sum"',
    ],
  ];
  for (const [given, name, message] of faults) {
    const input = { address, ...given } as DestinationInput;
    assert.throws(() => completeDestination(service, input), { name, message }, message);
  }
});

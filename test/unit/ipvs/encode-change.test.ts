import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeChanges, makeSeries } from "../../../src/ipvs/wire/encode-change.js";
import type { Change } from "../../../src/model/change.js";
import type { AddressServiceKey, Destination, Service, ServiceKey, ServiceSettings } from "../../../src/model/table.js";
import { toHex } from "../../support/bytes.js";
import { server, service } from "../../support/entries.js";
import { Random } from "../../support/random.js";

const tunnels: readonly Destination["tunnel"][] = [
  { type: "ipip", port: 0, checksum: "nocsum" },
  { type: "ipip", port: 0, checksum: "nocsum" },
  { type: "gue", port: 6080, checksum: "csum" },
];
const flags: readonly Service["schedulerFlags"][] = [[], [], [1, 3]];

/** Changes as a restore may have them: services and servers that are more or less like the last ones. */
class Changes {
  #service: ServiceKey = { family: "inet", fwmark: 1 };

  constructor(private readonly random: Random) {}

  next(): Change {
    const { random } = this;
    if (random.chance(0.2)) {
      const service = this.#nextService();
      this.#service = service;
      return { command: random.pick(["add-service", "add-service", "edit-service"]), service };
    }
    if (random.chance(0.1)) this.#service = this.#nextKey();
    const service = this.#service;
    if (random.chance(0.05)) return { command: "flush" };
    if (random.chance(0.05)) return { command: "delete-service", service };
    return {
      command: random.pick(["add-destination", "add-destination", "edit-destination"]),
      service,
      destination: this.#server(),
    };
  }

  #nextKey(): ServiceKey {
    const { random } = this;
    const family = random.pick(["inet", "inet", "inet6"] as const);
    if (random.chance(0.2)) return { family, fwmark: random.pick([1, 7, 2 ** 32 - 1]) };
    return { family, protocol: random.pick(["tcp", "tcp", "udp", "sctp"]), ...this.#endpoint(family) };
  }

  #endpoint(family: "inet" | "inet6"): { address: string; port: number } {
    const { random } = this;
    const address =
      family === "inet"
        ? random.pick(["10.0.0.1", "255.255.255.255", "0.0.0.0"])
        : random.pick(["::", "2001:db8::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"]);
    return { address, port: random.pick([0, 80, 65535]) };
  }

  #nextService(): Service {
    const { random } = this;
    const key = this.#nextKey();
    const persistent = random.chance(0.3);
    return {
      ...key,
      scheduler: random.pick(["wlc", "wlc", "rr", "lblcr"]),
      schedulerFlags: random.pick(flags),
      onePacket: random.chance(0.1),
      persistent,
      timeout: persistent ? random.pick([1, 360]) : 0,
      netmask: key.family === "inet6" ? random.pick([128, 64]) : random.pick(["255.255.255.255", "255.255.255.0"]),
      ...(random.chance(0.1) && { engine: "sip" }),
    };
  }

  #server(): Destination {
    const { random } = this;
    const family = random.pick(["inet", "inet", "inet", "inet6"] as const);
    return {
      family,
      ...this.#endpoint(family),
      forward: random.pick(["masq", "route", "tunnel", "local"]),
      weight: random.pick([0, 1, 2 ** 31 - 1]),
      upperThreshold: random.pick([0, 0, 0, 9]),
      lowerThreshold: random.pick([0, 0, 0, 9]),
      tunnel: random.pick(tunnels),
    };
  }
}

/** The payload of a change alone, which no other change affects. */
function encodeChange(change: Change): Uint8Array {
  const [payload] = encodeChanges([change]);
  assert.ok(payload);
  return payload;
}

test("a sequence of changes has the bytes that each of them has alone", () => {
  const source = new Changes(new Random(5));
  const changes = Array.from({ length: 20_000 }, () => source.next());
  const payloads = encodeChanges(changes);
  for (const [index, change] of changes.entries()) {
    assert.equal(toHex(payloads[index] ?? new Uint8Array()), toHex(encodeChange(change)), JSON.stringify(change));
  }
});

/** Two values of every field; the compiler refuses to leave out new fields. */
const destinationFields: {
  readonly [Name in keyof Required<Destination>]: readonly [Destination[Name], Destination[Name]];
} = {
  family: ["inet", "inet6"],
  address: ["10.0.0.1", "10.0.0.2"],
  port: [80, 81],
  forward: ["masq", "route"],
  weight: [1, 2],
  upperThreshold: [0, 1],
  lowerThreshold: [0, 1],
  tunnel: [
    { type: "ipip", port: 0, checksum: "nocsum" },
    { type: "gue", port: 6080, checksum: "csum" },
  ],
};

const key: AddressServiceKey = { family: "inet", protocol: "tcp", address: "10.0.0.1", port: 80 };

const serviceFields: {
  readonly [Name in keyof Required<AddressService>]: readonly [AddressService[Name], AddressService[Name]];
} = {
  family: ["inet", "inet6"],
  protocol: ["tcp", "udp"],
  address: ["10.0.0.1", "10.0.0.2"],
  port: [80, 81],
  scheduler: ["wlc", "wrr"],
  schedulerFlags: [[], [2]],
  onePacket: [false, true],
  persistent: [false, true],
  timeout: [1, 2],
  netmask: ["255.255.255.255", "255.255.255.0"],
  engine: ["sip", "abc"],
};

type AddressService = AddressServiceKey & ServiceSettings;

/** A record of first values, and for each field one that has the second value only there. */
function variations<T extends object>(fields: { readonly [Name in keyof Required<T>]: readonly [unknown, unknown] }) {
  const names = Object.keys(fields) as (keyof T)[];
  const make = (changed?: keyof T) =>
    Object.fromEntries(names.map((name) => [name, fields[name][name === changed ? 1 : 0]])) as T;
  return { first: make(), others: names.map((name) => [name, make(name)] as const) };
}

/** Whether the second of two changes is sent as it is, and not as the first. */
function assertDiffers(first: Change, second: Change, name: string): void {
  const [, payload = new Uint8Array()] = encodeChanges([first, second]);
  assert.equal(toHex(payload), toHex(encodeChange(second)), name);
  assert.notEqual(toHex(payload), toHex(encodeChange(first)), name);
}

test("a destination that differs from the last in any one field is sent with it", () => {
  const { first, others } = variations<Destination>(destinationFields);
  const add = (destination: Destination): Change => ({ command: "add-destination", service: key, destination });
  for (const [name, other] of others) {
    const second = name === "family" ? { ...other, address: "2001:db8::1" } : other;
    assertDiffers(add(first), add(second), name);
  }
});

test("a service that differs from the last in any one field is sent with it", () => {
  const { first, others } = variations<AddressService>(serviceFields);
  const add = (service: AddressService): Change => ({ command: "add-service", service });
  for (const [name, other] of others) {
    const second = name === "family" ? { ...other, address: "2001:db8::1", netmask: 128 } : other;
    assertDiffers(add(first), add(second), name);
  }
});

test("a later batch of a series has the bytes that each of its changes has alone, even if earlier objects changed", () => {
  const series = makeSeries();
  const tunnel = { type: "gue", port: 1, checksum: "csum" } as const;
  const destination = { ...server(), tunnel: { ...tunnel } };
  const owner = { ...key };
  const change: Change = { command: "add-destination", service: owner, destination };
  for (let batch = 1; batch <= 3; batch++) {
    Object.assign(destination.tunnel, { port: batch });
    Object.assign(owner, { port: batch });
    for (const payload of encodeChanges([change, change, change], series)) {
      assert.equal(toHex(payload), toHex(encodeChange(change)));
    }
  }
});

test("values that cannot be sent are refused", () => {
  const add = (address: string, service: ServiceKey = key): Change => ({
    command: "add-destination",
    service,
    destination: server({ address }),
  });
  const changes: Change[] = [
    add("10.0.0"),
    add("2001:db8::1"),
    add("10.0.0.2", { ...key, address: "localhost" }),
    add("10.0.0.2", { ...key, address: "2001:db8::1" }),
    { command: "add-service", service: service({ netmask: 32 }) },
    { command: "add-service", service: service({ scheduler: "a\0b" }) },
  ];
  for (const [index, faulty] of changes.entries()) {
    assert.throws(() => encodeChange(faulty), RangeError, `change ${index}`);
    assert.throws(() => encodeChanges([add("10.0.0.1"), faulty]), RangeError, `change ${index}`);
  }
});

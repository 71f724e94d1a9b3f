import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeChange } from "../../../src/ipvs/encode-change.js";
import { ChangeEncoder } from "../../../src/ipvs/fast/change-encoder.js";
import type { Change } from "../../../src/model/change.js";
import type { Destination, Service, ServiceKey } from "../../../src/model/table.js";
import { toHex } from "../../support/bytes.js";
import { server } from "../../support/entries.js";
import { Random } from "../../support/random.js";

const tunnels: readonly Destination["tunnel"][] = [
  { type: "ipip", port: 0, checksum: "nocsum" },
  { type: "ipip", port: 0, checksum: "nocsum" },
  { type: "gue", port: 6080, checksum: "csum" },
];
const flags: readonly Service["schedulerFlags"][] = [[], [], [1, 3]];

/** Changes as a restore may have them: services and servers that resemble the last in much or in little. */
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

test("a sequence of changes has the bytes that each of them has alone", () => {
  const encoder = new ChangeEncoder();
  const changes = new Changes(new Random(5));
  // All are kept: a later payload must not lie over an earlier one.
  const encoded = Array.from({ length: 20_000 }, () => {
    const change = changes.next();
    return { change, payload: encoder.encode(change) };
  });
  for (const { change, payload } of encoded) {
    assert.equal(toHex(payload), toHex(encodeChange(change)), JSON.stringify(change));
  }
});

test("an address that is none is refused, and the next change is not affected", () => {
  const encoder = new ChangeEncoder();
  const service: ServiceKey = { family: "inet", protocol: "tcp", address: "10.0.0.1", port: 80 };
  const add = (address: string, key = service): Change => ({
    command: "add-destination",
    service: key,
    destination: server({ address }),
  });
  for (const faulty of [add("10.0.0"), add("10.0.0.2", { ...service, address: "localhost" })]) {
    assert.throws(() => encoder.encode(faulty), RangeError);
    const change = add("10.0.0.3");
    assert.equal(toHex(encoder.encode(change)), toHex(encodeChange(change)));
    assert.throws(() => encoder.encode(faulty), RangeError);
  }
});

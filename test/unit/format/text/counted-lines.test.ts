import assert from "node:assert/strict";
import { test } from "node:test";
import { renderCountedEntry } from "../../../../src/format/text/fast/counted-lines.js";
import type { ListFormat } from "../../../../src/format/text/list-format.js";
import { renderEntries } from "../../../../src/format/text/listing.js";
import { numericNames } from "../../../../src/format/text/shown-names.js";
import type { DestinationEntry } from "../../../../src/model/table.js";
import { toCountedServers, toCountedServices } from "../../../support/counted.js";
import { markService, server, service } from "../../../support/entries.js";
import { Random } from "../../../support/random.js";

const views = [
  ["stats", "counters"],
  ["rate", "rates"],
] as const;

/** The lines of a service by the two ways; the fast one may not be able to. */
function render(destinations: readonly DestinationEntry[], format: ListFormat, entry = service()) {
  const kind = format.view === "rate" ? "rates" : "counters";
  const [counted] = toCountedServices([entry], kind);
  const servers = toCountedServers(destinations, kind);
  assert.ok(counted && servers);
  const lines = renderCountedEntry(counted, servers, format);
  return {
    fast: lines && Buffer.from(lines).toString("latin1").trimEnd().split("\n"),
    general: [...renderEntries([{ service: entry, destinations }], format, numericNames)],
  };
}

const random = new Random(11);

/** Numbers of every length, most near a power of ten or two. */
function counts() {
  const number = () => {
    const near = random.chance(0.5) ? 10n ** BigInt(random.below(19)) : 2n ** BigInt(random.below(64));
    return random.pick([0n, near - 1n, near, near + 1n, BigInt(random.below(2 ** 32))]);
  };
  return { connections: number(), packetsIn: number(), packetsOut: number(), bytesIn: number(), bytesOut: number() };
}

for (const [view, kind] of views) {
  test(`${view}: numbers of any size, as on the general way`, () => {
    for (let round = 0; round < 300; round++) {
      const format = { view, exact: random.chance(0.5), sorted: true, numeric: true, persistentConnections: false };
      const destinations = [server({ address: "10.0.0.1", [kind]: counts() })];
      const { fast, general } = render(destinations, format, service({ [kind]: counts() }));
      assert.deepEqual(fast, general);
    }
  });
}

test("services of every kind, and none with servers", () => {
  const format = { view: "stats", exact: false, sorted: true, numeric: true, persistentConnections: false } as const;
  for (const entry of [
    service({ family: "inet6", address: "2001:db8::1" }),
    service({ protocol: "sctp" }),
    markService({ family: "inet6", fwmark: 7 }),
  ]) {
    const { fast, general } = render([], format, entry);
    assert.deepEqual(fast, general);
  }
});

test("the order is the general way's, or is left to it", () => {
  let left = 0;
  for (let round = 0; round < 2000; round++) {
    const anchors = ["10.0.0.", "10.0.1.", "100.0.0.", "137.255.255.", "192.168.0."];
    const near = random.chance(0.5) ? anchors.slice(0, 2) : anchors;
    const addresses = new Set(
      Array.from({ length: random.below(6) }, () => `${random.pick(near)}${random.below(3)}:${random.below(3)}`),
    );
    const destinations = [...addresses].map((text) => {
      const [address = "", port] = text.split(":");
      return server({ address, port: Number(port) });
    });
    if (random.chance(0.3)) destinations.reverse();
    const sorted = random.chance(0.8);
    const format = { view: "stats", exact: false, sorted, numeric: true, persistentConnections: false } as const;
    const { fast, general } = render(destinations, format);
    if (fast === undefined) left++;
    else assert.deepEqual(fast, general, [...addresses].join(" "));
  }
  assert.ok(left > 0 && left < 1000, `${left} were left`);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { AttributeSet, type Declaration, type Sent } from "../../../src/netlink/codec/attribute-set.js";
import { bytes, i32, string, u8, u16, u16be, u32, u64 } from "../../../src/netlink/codec/coders.js";
import { Enum } from "../../../src/netlink/codec/enum.js";
import { encodeGeneric, GenericSeries } from "../../../src/netlink/codec/generic.js";
import { toHex } from "../../support/bytes.js";
import { Random } from "../../support/random.js";

const pair = {
  write: (view: DataView, offset: number, value: { one: number; other: number }) =>
    u16.write(view, u16.write(view, offset, value.one), value.other),
  read: () => ({ one: 0, other: 0 }),
};

/** Attributes of every kind, as a caller may declare them. */
const plain = {
  port: [3, u16be],
  weight: [7, i32],
  name: [1, string],
  color: [9, new Enum("color", u8, { red: 1, green: 200 })],
  address: [2, bytes(4, 16)],
  total: [12, u64],
  pair: [13, pair],
  group: new AttributeSet({ size: [5, u8], mark: [6, u32] }),
} as const;

/** The same set with more attributes, as a later version may declare it. */
const extended = {
  ...plain,
  extra: [20, u32],
  inner: [21, new AttributeSet({ ...plain, deeper: [22, new AttributeSet({ extra: [1, string] })] })],
} as const;

type Make = (random: Random) => unknown;

const lengths = ["", "a", "b", "ab", "abcd"];
const makers: Record<string, Make> = {
  port: (random) => random.pick([0, 80, 65535]),
  weight: (random) => random.pick([0, -1, 2 ** 31 - 1]),
  name: (random) => random.pick(lengths),
  color: (random) => random.pick(["red", "green"]),
  address: (random) => Uint8Array.from({ length: random.pick([4, 4, 4, 16]) }, () => random.below(3)),
  total: (random) => random.pick([0n, 2n ** 64n - 1n]),
  pair: (random) => ({ one: random.below(2), other: random.below(2) }),
  group: (random) => randomValues(random, ["size", "mark"]),
  size: (random) => random.below(3),
  mark: (random) => random.below(3),
  extra: (random) => random.below(3),
  deeper: (random) => randomValues(random, ["text"]),
  inner: (random) => randomValues(random, [...Object.keys(plain), "deeper"]),
};

/** Some of the values, mostly the same as last time. */
function randomValues(random: Random, names: readonly string[]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const name of random.chance(0.1) ? random.shuffled(names) : names) {
    if (random.chance(0.03)) continue;
    values[name] = random.chance(0.02) ? undefined : makers[name]?.(random);
  }
  return values;
}

/** Encodes a sequence of values in both ways; each keeps many of the values, and of the objects, of the one before. */
function compare<D extends Declaration>(set: AttributeSet<D>, names: readonly string[], seed: number): void {
  const random = new Random(seed);
  const series = new GenericSeries(1);
  let last: Record<string, unknown> = {};
  const encoded = Array.from({ length: 5_000 }, () => {
    const changed = randomValues(random, names);
    last = random.chance(0.1)
      ? changed
      : { ...last, ...Object.fromEntries(Object.entries(changed).filter(() => random.chance(0.3))) };
    const command = random.pick([1, 1, 1, 7]);
    return { command, values: last as Sent<D>, payload: series.encode(command, set, last as Sent<D>) };
  });
  // All are kept: a later payload must not lie over an earlier one.
  for (const { command, values, payload } of encoded) {
    assert.equal(toHex(payload), toHex(encodeGeneric(command, 1, set, values)));
  }
}

test("a series has the bytes that each of its payloads has alone", () => {
  compare(new AttributeSet(plain), Object.keys(plain), 1);
});

test("so has one of a set to which attributes were added, nested ones too", () => {
  compare(new AttributeSet(extended), Object.keys(extended), 2);
});

test("a value that is refused does not affect the next payload", () => {
  const set = new AttributeSet(plain);
  const series = new GenericSeries(1);
  const values = { port: 1, weight: 1, name: "a" };
  series.encode(1, set, values);
  for (let count = 0; count < 2; count++) {
    assert.throws(() => series.encode(1, set, { port: 2, weight: 2, name: "\0" }), RangeError);
    const next = { port: 2, weight: 3, name: "b" };
    assert.equal(toHex(series.encode(1, set, next)), toHex(encodeGeneric(1, 1, set, next)));
  }
});

test("the same array with other bytes is not the same value", () => {
  const set = new AttributeSet(plain);
  const series = new GenericSeries(1);
  const address = Uint8Array.of(1, 2, 3, 4);
  series.encode(1, set, { address });
  series.encode(1, set, { address });
  address[0] = 9;
  assert.equal(toHex(series.encode(1, set, { address })), toHex(encodeGeneric(1, 1, set, { address })));
});

test("records may change between two batches", () => {
  const set = new AttributeSet(extended);
  const group = { size: 1, mark: 1 };
  const deeper = { extra: "a" };
  const values = { port: 1, group, inner: { port: 1, group, deeper } };
  const changes = [
    () => Object.assign(group, { mark: 2 }),
    () => Object.assign(deeper, { extra: "b" }),
    () => Object.assign(values.inner, { port: 2 }),
    () => Object.assign(deeper, { extra: "longer" }),
  ];
  for (const before of [1, 2, 3]) {
    const series = new GenericSeries(1);
    for (let count = 0; count < before; count++) series.encode(1, set, values);
    for (const change of changes) {
      change();
      series.beginBatch();
      assert.equal(toHex(series.encode(1, set, values)), toHex(encodeGeneric(1, 1, set, values)));
      series.encode(1, set, values);
    }
    Object.assign(group, { mark: 1 });
    Object.assign(deeper, { extra: "a" });
  }
});

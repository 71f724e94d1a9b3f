import assert from "node:assert/strict";
import { test } from "node:test";
import { RateMeter } from "../../../src/watch/screen/rates.js";
import { renderBars, renderHumanNumber } from "../../../src/watch/screen/units.js";

const all = (value: bigint) => ({
  connections: value,
  packetsIn: value * 2n,
  packetsOut: value * 3n,
  bytesIn: value * 4n,
  bytesOut: value * 5n,
});

test("rates are what came between two readings, by the seconds between them", () => {
  const meter = new RateMeter();
  const measure = (takenAt: number, count: bigint, estimate: bigint) =>
    meter.measure(takenAt, new Map([["row", { counters: all(count), rates: all(estimate) }]])).get("row");
  assert.equal(measure(1000, 2n ** 60n, 7n)?.rates.connections, 7, "the first time: the kernel's estimate");
  const second = measure(3000, 2n ** 60n + 10n, 0n);
  assert.deepEqual(second?.rates, { connections: 5, packetsIn: 10, packetsOut: 15, bytesIn: 20, bytesOut: 25 });
  assert.deepEqual(second?.history, [7, 5]);
  assert.equal(measure(4000, 3n, 2n)?.rates.connections, 2, "after a zero: the kernel's estimate");
});

test("what is not measured any more is forgotten", () => {
  const meter = new RateMeter();
  const row = { counters: all(1n), rates: all(0n) };
  meter.measure(0, new Map([["row", row]]));
  assert.equal(meter.measure(1, new Map()).size, 0);
  assert.deepEqual(meter.measure(2, new Map([["row", row]])).get("row")?.history, [0]);
});

const numbers: readonly [number, string][] = [
  [0, "0"],
  [0.25, "0.3"],
  [12, "12"],
  [12.34, "12.3"],
  [99.96, "100"],
  [999.4, "999"],
  [999.5, "1.0k"],
  [12_345, "12.3k"],
  [999_499, "999k"],
  [999_500, "1.0M"],
  [1.5e9, "1.5G"],
  [1e21, "1000E"],
];

for (const [value, text] of numbers) test(`${value} is ${text}`, () => assert.equal(renderHumanNumber(value), text));

test("bars: the last values against the largest of them; what is more than nothing is seen", () => {
  assert.equal(renderBars([9, 0, 1, 4, 8], 4, "unicode"), " ▁▄█");
  assert.equal(renderBars([0, 0.001, 8], 5, "ascii"), "   .@");
  assert.equal(renderBars([], 3, "unicode"), "   ");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Counters } from "../../../src/model/table.js";
import { RateMeter } from "../../../src/watch/screen/rates.js";
import { renderBars, renderHumanNumber } from "../../../src/watch/screen/units.js";

const all = (value: bigint) => ({
  connections: value,
  packetsIn: value * 2n,
  packetsOut: value * 3n,
  bytesIn: value * 4n,
  bytesOut: value * 5n,
});

/** The number of connections that rows have had at a moment, in milliseconds. */
type Load = Readonly<Record<string, (moment: number) => number>>;

/** The kernel's counters under a load: all together live, rows as they were when it last added up. */
class Counting {
  readonly #meter = new RateMeter();

  constructor(
    private readonly load: Load,
    /** When the kernel adds up: this many milliseconds after every even second. */
    private readonly phase: number,
    private readonly estimate = all(99n),
  ) {}

  #total(moment: number): Counters {
    return all(Object.values(this.load).reduce((sum, row) => sum + BigInt(Math.floor(row(moment))), 0n));
  }

  #reading(moment: number) {
    const addedUp = Math.floor((moment - this.phase) / 2000) * 2000 + this.phase;
    const rows = Object.entries(this.load).map(
      ([name, row]) => [name, { counters: all(BigInt(Math.floor(row(addedUp)))), rates: this.estimate }] as const,
    );
    return {
      moment,
      live: this.#total(moment),
      totals: { counters: this.#total(addedUp), rates: this.estimate },
      measurements: new Map(rows),
    };
  }

  sample(moment: number): void {
    this.#meter.sample(this.#reading(moment));
  }

  measure(moment: number): Record<string, number> {
    const { total, rows } = this.#meter.measure(this.#reading(moment));
    const entries = [...rows].map(([name, { rates }]) => [name, rates.connections] as const);
    return { total: total.rates.connections, ...Object.fromEntries(entries) };
  }
}

const steady = (perSecond: number) => (moment: number) => 1e6 + (perSecond * moment) / 1000;

test("the first reading uses the kernel's estimate", () => {
  assert.deepEqual(new Counting({ row: steady(20) }, 0).measure(10_000), { total: 99, row: 99 });
});

for (const interval of [100, 300, 500, 700, 1000, 1500, 1900, 2000, 2100, 2700, 3000, 5000, 10_000]) {
  test(`every ${interval} ms, from three seconds on, each row shows its load, whenever the kernel adds up`, () => {
    for (const phase of [0, 1, 333, 777, 1000, 1500, 1999]) {
      const counting = new Counting({ one: steady(20), other: steady(60) }, phase);
      const start = 50_000;
      for (let moment = start; moment < start + 30_000; moment += interval) {
        if (moment > start && interval > 2800) counting.sample(moment - 2800);
        const shown = counting.measure(moment);
        if (moment < start + 3000) continue;
        for (const [name, wanted] of Object.entries({ one: 20, other: 60, total: 80 })) {
          const rate = shown[name] ?? Number.NaN;
          assert.ok(Math.abs(rate - wanted) <= wanted * 0.1, `phase ${phase}, ${moment - start} ms, ${name}: ${rate}`);
        }
      }
    }
  });

  test(`every ${interval} ms, a load that has ended shows as 0 within three seconds`, () => {
    for (const phase of [0, 333, 1000, 1999]) {
      const end = 60_000;
      const counting = new Counting({ row: (moment) => steady(20)(Math.min(moment, end)) }, phase, all(0n));
      for (let moment = 50_000; moment < end + 15_000; moment += interval) {
        if (moment > 50_000 && interval > 2800) counting.sample(moment - 2800);
        const shown = counting.measure(moment);
        if (moment >= end + 3000) assert.deepEqual(shown, { total: 0, row: 0 }, `phase ${phase}, ${moment - end} ms`);
      }
    }
  });
}

test("after the counters were zeroed the kernel's estimate is used until the window is full again", () => {
  const meter = new RateMeter();
  const reading = (moment: number, count: bigint) => ({
    moment,
    live: all(BigInt(moment) / 100n),
    totals: { counters: all(count), rates: all(7n) },
    measurements: new Map([["row", { counters: all(count), rates: all(7n) }]]),
  });
  const row = (moment: number, count: bigint) =>
    meter.measure(reading(moment, count)).rows.get("row")?.rates.connections;
  row(0, 1000n);
  row(2000, 1020n);
  assert.equal(row(4000, 1040n), 10);
  assert.equal(row(6000, 5n), 7);
  assert.equal(row(8000, 25n), 7);
  assert.equal(row(12_000, 65n), 10);
});

test("without live counters the kernel's estimates are used", () => {
  const meter = new RateMeter();
  for (let moment = 0; moment < 10_000; moment += 1000) {
    const { total, rows } = meter.measure({
      moment,
      totals: { counters: all(5n), rates: all(8n) },
      measurements: new Map([["row", { counters: all(5n), rates: all(9n) }]]),
    });
    assert.deepEqual([total.rates.connections, rows.get("row")?.rates.connections], [8, 9]);
  }
});

test("what is no longer measured is forgotten", () => {
  const meter = new RateMeter();
  const row = { counters: all(1n), rates: all(0n) };
  const measure = (moment: number, ...rows: [string, typeof row][]) =>
    meter.measure({ moment, totals: row, measurements: new Map(rows) });
  measure(0, ["row", row]);
  assert.equal(measure(1).rows.size, 0);
  assert.deepEqual(measure(2, ["row", row]).rows.get("row")?.history, [0]);
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

test("bars show the last values relative to the largest, and every value above 0 is visible", () => {
  assert.equal(renderBars([9, 0, 1, 4, 8], 4, "unicode"), " ▁▄█");
  assert.equal(renderBars([0, 0.001, 8], 5, "ascii"), "   .@");
  assert.equal(renderBars([], 3, "unicode"), "   ");
});

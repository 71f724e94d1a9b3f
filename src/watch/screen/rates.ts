import type { Counters } from "../../model/table.js";
import type { Measurement } from "../reading/details.js";

/** Per second. */
export interface RowRates {
  readonly connections: number;
  readonly packetsIn: number;
  readonly packetsOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** What a row showed lately. */
export interface Trend {
  readonly rates: RowRates;
  /** Connections per second in the readings before and in this one, the oldest first. */
  readonly history: readonly number[];
}

interface Sample {
  readonly takenAt: number;
  readonly counters: Counters;
  readonly trend: Trend;
}

const rateNames = ["connections", "packetsIn", "packetsOut", "bytesIn", "bytesOut"] as const;

/** Bars that a screen can show at most. */
const longestHistory = 40;

/**
 * Makes rates of counters: what came between two readings, by the time between them. A row's first reading, and one after
 * its counters were zeroed, take the kernel's own estimate. Remembers only the rows of the last reading.
 */
export class RateMeter {
  #samples: ReadonlyMap<string, Sample> = new Map();

  measure(
    takenAt: number,
    measurements: ReadonlyMap<string, Pick<Measurement, "counters" | "rates">>,
  ): Map<string, Trend> {
    const samples = new Map<string, Sample>();
    for (const [identity, { counters, rates: estimate }] of measurements) {
      const before = this.#samples.get(identity);
      const rates = ratesBetween(before, takenAt, counters) ?? toNumbers(estimate);
      const history = [...(before?.trend.history ?? []), rates.connections].slice(-longestHistory);
      samples.set(identity, { takenAt, counters, trend: { rates, history } });
    }
    this.#samples = samples;
    return new Map(Array.from(samples, ([identity, { trend }]) => [identity, trend]));
  }
}

function ratesBetween(before: Sample | undefined, takenAt: number, counters: Counters): RowRates | undefined {
  if (before === undefined || takenAt <= before.takenAt) return undefined;
  if (rateNames.some((name) => counters[name] < before.counters[name])) return undefined;
  const seconds = (takenAt - before.takenAt) / 1000;
  return fromNames((name) => Number(counters[name] - before.counters[name]) / seconds);
}

function toNumbers(estimate: Counters): RowRates {
  return fromNames((name) => Number(estimate[name]));
}

function fromNames(value: (name: (typeof rateNames)[number]) => number): RowRates {
  return {
    connections: value("connections"),
    packetsIn: value("packetsIn"),
    packetsOut: value("packetsOut"),
    bytesIn: value("bytesIn"),
    bytesOut: value("bytesOut"),
  };
}

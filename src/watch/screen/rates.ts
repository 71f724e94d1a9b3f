import type { Counters } from "../../model/table.js";
import type { Measurement } from "../reading/details.js";
import type { Reading } from "../reading/reader.js";

/** Per second. */
export interface RowRates {
  readonly connections: number;
  readonly packetsIn: number;
  readonly packetsOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** The present rates of a row, and the recent ones. */
export interface Trend {
  readonly rates: RowRates;
  /** Connections per second in the readings before and in this one, the oldest first. */
  readonly history: readonly number[];
}

export interface Trends {
  /** All services together. */
  readonly total: Trend;
  /** By the identities of the reading's measurements. */
  readonly rows: ReadonlyMap<string, Trend>;
}

/** The part of a reading from which rates are computed. */
type Sample = Pick<Reading, "moment" | "live" | "totals" | "measurements">;

const rateNames = ["connections", "packetsIn", "packetsOut", "bytesIn", "bytesOut"] as const;

/** The largest number of bars that a screen shows. */
const longestHistory = 40;

/**
 * The kernel adds a row's counters up every two seconds (its estimator's timer), so that between two readings there is
 * either nothing or the traffic of two seconds. A window that is longer holds at least one such step.
 */
export const shareWindow = 2_200;

/** The live counters of all services are always current, so their window only needs enough traffic to count. */
const liveWindow = 1_000;

/** Samples are kept at this distance: enough of them for both windows, and no more memory than that needs. */
const sampleDistance = 600;

/**
 * Computes rates from counters. The total of all services is live, from the kernel's counters per processor. A row gets its
 * share of the total by what the kernel added up in a window of a little more than two seconds. So rows are right at every
 * interval, add up to the total, and are 0 as soon as traffic stops. Until the window is full, and where there are no live
 * counters, the kernel's own estimate is used.
 */
export class RateMeter {
  /** The oldest first; the last one is always the last reading. */
  #samples: Sample[] = [];
  #last: Trends | undefined;

  /** Takes a reading that is not shown. */
  sample(reading: Sample): void {
    const [before, last] = this.#samples.slice(-2);
    // The last reading stays only if the one before it is too old to replace it.
    if (before !== undefined && last !== undefined && last.moment - before.moment < sampleDistance) this.#samples.pop();
    this.#samples.push(reading);
    while ((this.#samples[1]?.moment ?? Number.POSITIVE_INFINITY) <= reading.moment - shareWindow)
      this.#samples.shift();
  }

  measure(reading: Sample): Trends {
    this.sample(reading);
    const total = this.#totalRates(reading) ?? toNumbers(reading.totals.rates);
    const base = this.#sampleBefore(reading.moment - shareWindow);
    const rows = new Map<string, Trend>();
    for (const [identity, measurement] of reading.measurements) {
      const rates =
        (base && reading.live && shareOf(measurement, identity, base, reading, total)) ?? toNumbers(measurement.rates);
      rows.set(identity, continued(this.#last?.rows.get(identity), rates));
    }
    this.#last = { total: continued(this.#last?.total, total), rows };
    return this.#last;
  }

  #totalRates({ live, moment }: Sample): RowRates | undefined {
    const base = this.#sampleBefore(moment - liveWindow);
    if (live === undefined || base?.live === undefined) return undefined;
    const seconds = (moment - base.moment) / 1000;
    const came = difference(base.live, live);
    return came && fromNames((name) => Number(came[name]) / seconds);
  }

  /** The newest sample that is at least that old. */
  #sampleBefore(moment: number): Sample | undefined {
    return this.#samples.findLast((sample) => sample.moment <= moment);
  }
}

function shareOf(
  { counters }: Pick<Measurement, "counters">,
  identity: string,
  base: Sample,
  now: Sample,
  total: RowRates,
): RowRates | undefined {
  const before = base.measurements.get(identity);
  const own = before && difference(before.counters, counters);
  const all = difference(base.totals.counters, now.totals.counters);
  if (own === undefined || all === undefined) return undefined;
  return fromNames((name) => (all[name] === 0n ? 0 : (total[name] * Number(own[name])) / Number(all[name])));
}

/** The increase; undefined where the counters were zeroed, or are those of a new object. */
function difference(before: Counters, now: Counters): Counters | undefined {
  if (rateNames.some((name) => now[name] < before[name])) return undefined;
  return fromNames((name) => now[name] - before[name]);
}

function continued(before: Trend | undefined, rates: RowRates): Trend {
  return { rates, history: [...(before?.history ?? []), rates.connections].slice(-longestHistory) };
}

function toNumbers(estimate: Counters): RowRates {
  return fromNames((name) => Number(estimate[name]));
}

function fromNames<T>(value: (name: (typeof rateNames)[number]) => T): Readonly<Record<(typeof rateNames)[number], T>> {
  return {
    connections: value("connections"),
    packetsIn: value("packetsIn"),
    packetsOut: value("packetsOut"),
    bytesIn: value("bytesIn"),
    bytesOut: value("bytesOut"),
  };
}

import type { Clock } from "../platform/clock.js";

/** How often something happens. */
export interface Pace {
  readonly clock: Clock;
  /** Seconds from one time to the next. */
  readonly interval: number;
  /** How many times. */
  readonly count: number;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Comes immediately and then every `interval` seconds; moments that were missed do not come again. Ends after `count`
 * times, or when the signal is aborted.
 */
export async function* ticks({ clock, interval, count, signal }: Pace): AsyncGenerator<void> {
  let next = clock.monotonic();
  for (let time = 0; time < count && !signal?.aborted; time++) {
    if (time > 0) {
      const now = clock.monotonic();
      next = Math.max(next + interval * 1000, now);
      await clock.sleep(next - now, signal);
      if (signal?.aborted) return;
    }
    yield;
  }
}

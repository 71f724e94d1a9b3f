import type { Clock } from "../platform/clock.js";

/** How often something happens. */
export interface Pace {
  readonly clock: Clock;
  /** Seconds from one time to the next. */
  readonly interval: number;
  /** How many times. */
  readonly count: number;
  /** Ends the ticks. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Yields immediately and then every `interval` seconds, without making up for missed moments. Ends after `count` times, or
 * when the signal is aborted. With `ahead`, yields that many milliseconds before each time as well, unless the interval is
 * no longer than that.
 */
export async function* ticks(
  { clock, interval, count, signal }: Pace,
  ahead?: number,
): AsyncGenerator<"due" | "ahead"> {
  let next = clock.monotonic();
  for (let time = 0; time < count && !signal?.aborted; time++) {
    if (time > 0) {
      next = Math.max(next + interval * 1000, clock.monotonic());
      if (ahead !== undefined && next - clock.monotonic() > ahead) {
        await clock.sleep(next - ahead - clock.monotonic(), signal);
        if (signal?.aborted) return;
        yield "ahead";
      }
      await clock.sleep(next - clock.monotonic(), signal);
      if (signal?.aborted) return;
    }
    yield "due";
  }
}

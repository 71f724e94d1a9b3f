import { setTimeout } from "node:timers/promises";

/**
 * Comes at once and then every `interval` milliseconds; moments that were missed do not come again. Ends after `count` times,
 * or when the signal is aborted.
 */
export async function* ticks(interval: number, count: number, signal?: AbortSignal): AsyncGenerator<void> {
  let next = performance.now();
  for (let time = 0; time < count && !signal?.aborted; time++) {
    if (time > 0) {
      next = Math.max(next + interval, performance.now());
      try {
        await setTimeout(next - performance.now(), undefined, signal && { signal });
      } catch {
        return;
      }
    }
    yield;
  }
}

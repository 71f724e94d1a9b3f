/** Time, which tests make pass by themselves. All values are milliseconds. */
export interface Clock {
  /** Since 1970, UTC. Steps when somebody sets the clock. */
  now(): number;
  /** Since some moment in the past. Never steps. */
  monotonic(): number;
  /** Resolves after the duration, or as soon as the signal is aborted. */
  sleep(duration: number, signal?: AbortSignal): Promise<void>;
}

/** What a timer of Node or Bun can hold, 24.8 days. A longer one would fire immediately. */
const longestTimer = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(duration, signal) {
    let left = duration;
    for (; left > longestTimer; left -= longestTimer) {
      await waitForTimer(longestTimer, signal);
      if (signal?.aborted) return;
    }
    await waitForTimer(Math.max(0, left), signal);
  },
};

function waitForTimer(duration: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", wake);
      resolve();
    };
    const timer = setTimeout(wake, duration);
    signal?.addEventListener("abort", wake);
    if (signal?.aborted) wake();
  });
}

/** Resolves after a turn of the event loop, in which everything else that is waiting runs. */
export function letOthersRun(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

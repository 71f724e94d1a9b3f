/** Time, which tests make pass by themselves. All values are milliseconds. */
export interface Clock {
  /** Since 1970, UTC. Steps when somebody sets the clock. */
  now(): number;
  /** Since some moment in the past. Never steps. */
  monotonic(): number;
  /** Resolves after that long, or as soon as the signal is aborted. */
  sleep(duration: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep(duration, signal) {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.max(0, duration));
      signal?.addEventListener("abort", wake);
      if (signal?.aborted) wake();
    });
  },
};

/** Resolves after a turn of the event loop: whatever else has to be done comes first. */
export function letOthersRun(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

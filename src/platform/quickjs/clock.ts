/** `../clock.ts` for the small executable, in which nothing waits or measures. */
import type { Clock } from "../clock.js";

function forVerbs(): never {
  throw new Error("only verbs wait");
}

export const systemClock: Clock = { now: () => Date.now(), monotonic: forVerbs, sleep: forVerbs };

export function letOthersRun(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

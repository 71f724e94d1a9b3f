/** The cost of work, as ratios: these hold on a slow machine, and on a busy one. */
import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** A ratio is measured again where somebody else took the processor's caches away. */
const attempts = 4;
/** Runs of which the fastest counts: so many, and fewer where they take long. */
const mostRuns = 3;
const longEnough = 60;
/** Below this, milliseconds, time is noise. */
const leastTime = 4;

/** The least processor time of a few runs on inputs of the size, milliseconds. */
export async function timeOf<Input>(
  make: (size: number) => Input,
  run: (input: Input) => unknown,
  size: number,
): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  let total = 0;
  for (let count = 0; count < mostRuns && total < longEnough; count++) {
    const input = make(size);
    const start = process.cpuUsage();
    await run(input);
    const { user, system } = process.cpuUsage(start);
    const time = (user + system) / 1000;
    least = Math.min(least, time);
    total += time;
  }
  return Math.max(least, leastTime);
}

/** Four times the input may take eight times the time, where a quadratic cost would be sixteen times as high. */
export async function assertLinear<Input>(
  make: (size: number) => Input,
  run: (input: Input) => unknown,
  size: number,
): Promise<void> {
  await assertRatio(
    8,
    () => timeOf(make, run, 4 * size),
    () => timeOf(make, run, size),
  );
}

/** Asserts that one measure is at most so many times the other, in one of a few attempts. */
export async function assertRatio(
  most: number,
  measure: () => Promise<number>,
  base: () => Promise<number>,
): Promise<void> {
  const seen: string[] = [];
  for (let attempt = 0; attempt < attempts; attempt++) {
    const [small, large] = [await base(), await measure()];
    if (large <= most * small) return;
    seen.push(`${large.toFixed(1)} to ${small.toFixed(1)}`);
  }
  assert.fail(`more than ${most} times as much: ${seen.join(", ")}`);
}

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

/** Bytes that stay in memory as long as the value does. */
export async function memoryOf(make: () => unknown): Promise<number> {
  const before = await bytesInUse();
  const value = await make();
  const after = await bytesInUse();
  assert.notEqual(value, undefined);
  return after - before;
}

async function bytesInUse(): Promise<number> {
  // What the last turn of the event loop had on its stack is garbage in the next; RegExp.input keeps the last text alive.
  await new Promise(setImmediate);
  /-/.test("-");
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

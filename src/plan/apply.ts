import { batchSize } from "../ipvs/batch-size.js";
import type { IpvsClient } from "../ipvs/client.js";
import type { IpvsError } from "../ipvs/ipvs-error.js";
import type { PhasedPlan } from "./plan.js";
import type { Step } from "./steps.js";

/** A step that the kernel has refused. */
export interface Refusal extends Step {
  readonly error: IpvsError;
}

/**
 * Makes the steps in order, a bounded batch at a time, and yields those that the kernel refuses, with the reason. Steps
 * after a refusal are still made. A caller that stops iterating stops the batches that follow.
 */
export async function* applySteps(steps: Iterable<Step>, client: IpvsClient): AsyncGenerator<Refusal> {
  for (const batch of batchesOf(steps)) {
    yield* await makeBatch(batch, client);
  }
}

async function makeBatch(batch: readonly Step[], client: IpvsClient): Promise<Refusal[]> {
  const outcomes = await client.change(batch.map(({ change }) => change));
  return batch.flatMap((step, index) => {
    const error = outcomes[index];
    return error === undefined ? [] : [{ ...step, error }];
  });
}

function* batchesOf(steps: Iterable<Step>): Generator<readonly Step[]> {
  let batch: Step[] = [];
  for (const step of steps) {
    batch.push(step);
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** How a plan is carried out. */
export interface CarryOutOptions {
  /** Goes on after a refusal, as a restore does. Otherwise the batch of the refusal is the last one. */
  readonly continues?: boolean;
  /** No batch starts after it was aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each batch with the number of changes that are done, and of all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** What became of the changes of a plan. */
export interface Attempt {
  readonly refusals: readonly Refusal[];
  /** Whether every change was tried. */
  readonly isComplete: boolean;
}

/** Makes the changes of a plan phase by phase, so that none is made that relies on a refused one. */
export async function carryOut(
  { phases }: Pick<PhasedPlan, "phases">,
  client: IpvsClient,
  { continues = false, signal, onProgress }: CarryOutOptions = {},
): Promise<Attempt> {
  const total = phases.reduce((sum, steps) => sum + steps.length, 0);
  const refusals: Refusal[] = [];
  let done = 0;
  for (const batch of phases.flatMap((steps) => [...batchesOf(steps)])) {
    if (signal?.aborted || (refusals.length > 0 && !continues)) return { refusals, isComplete: false };
    refusals.push(...(await makeBatch(batch, client)));
    done += batch.length;
    onProgress?.(done, total);
  }
  return { refusals, isComplete: refusals.length === 0 || continues };
}

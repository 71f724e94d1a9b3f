import { batchSize } from "../ipvs/batch-size.js";
import type { IpvsClient } from "../ipvs/client.js";
import type { IpvsError } from "../ipvs/ipvs-error.js";
import type { Step } from "./steps.js";

/** A step that the kernel has refused. */
export interface Refusal extends Step {
  readonly error: IpvsError;
}

/**
 * Makes the steps in order, a bounded batch at a time, and yields those that the kernel refuses, with the reason. The steps
 * after a refusal are made all the same. A caller that stops iterating stops the batches that follow.
 */
export async function* applySteps(steps: Iterable<Step>, client: IpvsClient): AsyncGenerator<Refusal> {
  for (const batch of batchesOf(steps)) {
    const outcomes = await client.change(batch.map(({ change }) => change));
    for (const [index, step] of batch.entries()) {
      const error = outcomes[index];
      if (error !== undefined) yield { ...step, error };
    }
  }
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

import { batchSize } from "../ipvs/batch-size.js";
import type { IpvsClient } from "../ipvs/client.js";
import type { IpvsError } from "../ipvs/ipvs-error.js";
import type { Step } from "./steps.js";

/** A step that the kernel has refused. */
export interface Refusal extends Step {
  readonly error: IpvsError;
}

/**
 * Makes the steps in their order, and tells which are refused. Refusals come in the order of the steps, those of a batch before
 * the next one is made: who stops listening stops what is left.
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

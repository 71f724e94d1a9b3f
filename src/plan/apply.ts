import type { IpvsClient } from "../ipvs/client.js";
import type { IpvsError } from "../ipvs/ipvs-error.js";
import type { Step } from "./steps.js";

/** The largest number of changes per call of the client: it bounds memory, and how long a caller waits for refusals. */
const stepsPerCall = 1_000;

/** A step that the kernel refused. */
export interface Refusal {
  readonly path: string;
  readonly error: IpvsError;
}

/** Makes the changes of the steps in order, whatever becomes of those before. Yields what the kernel refuses, in order. */
export async function* applySteps(steps: Iterable<Step>, client: IpvsClient): AsyncGenerator<Refusal> {
  let batch: Step[] = [];
  for (const step of steps) {
    batch.push(step);
    if (batch.length < stepsPerCall) continue;
    yield* applyBatch(batch, client);
    batch = [];
  }
  yield* applyBatch(batch, client);
}

async function* applyBatch(batch: readonly Step[], client: IpvsClient): AsyncGenerator<Refusal> {
  if (batch.length === 0) return;
  const outcomes = await client.change(batch.map(({ change }) => change));
  for (const [index, { path }] of batch.entries()) {
    const error = outcomes[index];
    if (error !== undefined) yield { path, error };
  }
}

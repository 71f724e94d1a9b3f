import type { RampedServer } from "./ramp-event.js";

/** Weights were changed, and then something went wrong, which is the cause. The weights stay as they are, and are held. */
export class UnfinishedError extends Error {
  constructor(
    /** The servers, with the weights that they were given. */
    readonly servers: readonly RampedServer[],
    override readonly cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = "UnfinishedError";
  }
}

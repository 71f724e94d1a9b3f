import type { RampOutcome } from "../model/changes/server-outcomes.js";
import type { EventStamp } from "../model/watch-event.js";

/** What happens in a ramp. `seconds` counts from its start. */
export type RampHappening =
  | { readonly event: "begin"; readonly remarks: readonly string[]; readonly undo?: string | undefined }
  | { readonly event: "step"; readonly seconds: number; readonly servers: readonly RampedServer[] }
  | ({ readonly event: "end" } & RampResult);

/** What happens in a ramp, numbered, and when. `seconds` counts from its start. */
export type RampEvent = RampHappening & EventStamp;

/** A server, and the weight that it was given. */
export interface RampedServer {
  readonly name: string;
  readonly weight: number;
}

/** How a ramp ended. In all cases but `done` the weights stay as they are. */
export interface RampResult {
  readonly outcome: RampOutcome;
  readonly seconds: number;
  readonly servers: readonly RampedServer[];
  /** Those to which somebody else has given a weight. */
  readonly taken: readonly string[];
}

import type { DrainOutcome } from "../model/changes/server-outcomes.js";
import type { ConnectionGroup } from "../model/selection/connection-group.js";
import type { EventStamp } from "../model/watch-event.js";
import type { ConnectionsLeft } from "./drain-wait.js";

/** What happens in a drain. `seconds` counts from its start. */
export type DrainHappening =
  | {
      readonly event: "begin";
      readonly servers: readonly string[];
      readonly remarks: readonly string[];
      readonly undo?: string | undefined;
    }
  | ({ readonly event: "waiting"; readonly seconds: number } & ConnectionsLeft)
  | ({ readonly event: "end" } & DrainResult);

/** What happens in a drain, numbered, and when. `seconds` counts from its start. */
export type DrainEvent = DrainHappening & EventStamp;

/** How a drain ended. */
export interface DrainResult extends ConnectionsLeft {
  readonly outcome: DrainOutcome;
  readonly seconds: number;
  /** Whether the servers are deleted. */
  readonly isDeleted: boolean;
  /** Whether they have their weight again. */
  readonly isUndrained: boolean;
  /** The servers that somebody else deleted, and those that somebody else gave a weight. */
  readonly gone: readonly string[];
  readonly raised: readonly string[];
  /** The clients with the most connections that are left. */
  readonly clients: readonly ConnectionGroup[];
}

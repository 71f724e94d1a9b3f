import type { Connection } from "../table.js";
import type { EventStamp, GapEvent } from "../watch-event.js";

/** The first reading, once. */
export interface StartEvent extends EventStamp {
  readonly event: "start";
  /** Seconds between two readings: a connection that is shorter may not be seen. */
  readonly interval: number;
  /** How many connections there are. */
  readonly count: number;
}

/** A connection that is there for the first time, or not any more. */
export interface PresenceEvent extends EventStamp {
  readonly event: "new" | "gone";
  /** As it is now, or as it was seen last. */
  readonly connection: Connection;
}

/** A connection whose state is another one. */
export interface StateEvent extends EventStamp {
  readonly event: "state";
  /** As it is now. */
  readonly connection: Connection;
  /** The state that it had. */
  readonly oldState: string;
}

/** What is reported of the connections that are followed. JSON lines are one rendering of it (docs/connections.md). */
export type ConnectionEvent = StartEvent | PresenceEvent | StateEvent | GapEvent;

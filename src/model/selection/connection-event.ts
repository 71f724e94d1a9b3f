import type { Connection } from "../table.js";
import type { EventStamp, GapEvent } from "../watch-event.js";

/** The first reading, once. */
export interface StartEvent extends EventStamp {
  readonly event: "start";
  /** Seconds between two readings: a shorter connection may be missed. */
  readonly interval: number;
  /** How many connections there are. */
  readonly count: number;
}

/** A connection that appeared or disappeared. */
export interface PresenceEvent extends EventStamp {
  readonly event: "new" | "gone";
  /** Its current state, or its last known one. */
  readonly connection: Connection;
}

/** A connection that changed its state. */
export interface StateEvent extends EventStamp {
  readonly event: "state";
  /** With its current state. */
  readonly connection: Connection;
  /** Its state before. */
  readonly oldState: string;
}

/** An event of connections that are followed. JSON lines are one rendering of it (docs/connections.md). */
export type ConnectionEvent = StartEvent | PresenceEvent | StateEvent | GapEvent;

/** The events of connections that are followed, declared from the fields of a connection. */
import type { ConnectionEvent, StartEvent, StateEvent } from "../../../model/selection/connection-event.js";
import { eventFields, gapKind } from "../changes/events.js";
import { integer } from "../kinds.js";
import { object, required } from "../objects.js";
import type { JsonObject } from "../parse-json.js";
import { renderValue } from "../render-json.js";
import { gauge } from "../service-kinds.js";
import { anyWord, connectionKind } from "./connection-kinds.js";

const startKind = object("a start", {
  ...eventFields("start"),
  intervalMs: required(
    integer(1, Number.MAX_SAFE_INTEGER),
    "Milliseconds between two readings. A connection that is shorter may not be seen.",
    { from: ({ interval }: StartEvent) => Math.round(interval * 1000) },
  ),
  count: required(gauge, "The number of connections in the first reading."),
});

const presenceKind = object("a new or gone connection", {
  ...eventFields("new", "gone"),
  connection: required(connectionKind, "The connection as it is, or as it was seen last."),
});

const stateChangeKind = object("the change of a state", {
  oldState: required(anyWord, "What it was.", {
    name: "old",
    from: ({ oldState }: StateEvent) => oldState.toLowerCase(),
  }),
  state: required(anyWord, "What it is.", {
    name: "new",
    from: ({ connection }: StateEvent) => connection.state.toLowerCase(),
  }),
});

const stateKind = object("a connection in another state", {
  ...eventFields("state"),
  connection: required(connectionKind, "The connection as it is."),
  changed: required(
    object("the changes of a connection", {
      state: required(stateChangeKind, "The state.", { from: (event: StateEvent) => event }),
    }),
    "What changed.",
    { from: (event: StateEvent) => event },
  ),
});

/** Every kind of event: a line is exactly one of them. */
export const connectionEventKinds = [startKind, presenceKind, stateKind, gapKind] as const;

/** An event as a line of JSON. */
export function renderConnectionEvent(event: ConnectionEvent): string {
  return `${renderValue(writeConnectionEvent(event))}\n`;
}

function writeConnectionEvent(event: ConnectionEvent): JsonObject {
  switch (event.event) {
    case "start":
      return startKind.write(event, true);
    case "gap":
      return gapKind.write(event, true);
    case "state":
      return stateKind.write(event, true);
    default:
      return presenceKind.write(event, true);
  }
}

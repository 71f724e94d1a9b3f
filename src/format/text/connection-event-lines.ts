import type { ConnectionEvent } from "../../model/selection/connection-event.js";
import { escapeWord, notesOf, renderEnds } from "./connection-table.js";
import type { Names } from "./shown-names.js";

const eventWidth = 5;
/** `SYN_RECV -> ESTABLISHED` */
const statesWidth = 24;

/** An event as a line, without a newline. */
export function renderEventLine(event: ConnectionEvent, names: Names): string {
  // The time of day, to the second.
  const time = event.time.slice(11, 19);
  if (event.event === "start") {
    return (
      `${time} start ${event.count} connections, read every ${event.interval} s; ` +
      "a connection that comes and goes between two readings is not seen"
    );
  }
  if (event.event === "gap") return `${time} gap   ${event.error}`;
  const { connection } = event;
  const state = escapeWord(connection.state);
  const states = event.event === "state" ? `${escapeWord(event.oldState)} -> ${state}` : state;
  const notes = [connection.origin ?? "-", ...notesOf(connection)].join(", ");
  return [
    time,
    event.event.padEnd(eventWidth),
    escapeWord(connection.protocol).padEnd(3),
    states.padEnd(statesWidth),
    renderEnds(connection, names),
    notes,
  ].join(" ");
}

import type { Connection } from "../../../model/table.js";
import type { ConnectionRow } from "../../../proc/fast/connection-row.js";
import { blank, newline, pad, writeEndpoint, writeText } from "./ascii.js";
import { ConnectionRows } from "./connection-rows.js";
import { endpointColumn, expiryColumn, mostSeconds, writeExpiry } from "./numeric-connections.js";

/** No line of a row is longer: words of 16 and ends of 21. */
const longestTableRow = 160;
const protocolColumn = 3;
const stateColumn = 11;

/**
 * Turns rows of /proc/net/ip_vs_conn_sync into lines of the numeric table. `render` makes the line of a connection that is
 * not like most, a byte string; of the general path, `renderTableRow`.
 */
export function connectionTableRows(render: (connection: Connection) => string): ConnectionRows {
  return new ConnectionRows({
    longest: longestTableRow,
    write: writeTableRow,
    render: (connection) => `${render(connection)}\n`,
  });
}

function writeTableRow(lines: Uint8Array, offset: number, row: ConnectionRow): number {
  if (row.seconds >= mostSeconds) return -1;
  let length = copyField(lines, offset, row.bytes, row.start, row.protocolEnd, protocolColumn);
  length = pad(lines, writeExpiry(lines, length, row.seconds), length + expiryColumn);
  lines[length++] = blank;
  length = copyField(lines, length, row.bytes, row.stateStart, row.stateEnd, stateColumn);
  for (let end = 0; end < 3; end++) {
    const endpointEnd = writeEndpoint(lines, length, row.words[4 * end] ?? 0, row.ports[end] ?? 0);
    length = pad(lines, endpointEnd, length + endpointColumn);
    lines[length++] = blank;
  }
  length = writeText(lines, length, row.origin ?? "");
  lines[length++] = newline;
  return length;
}

/** Copies a word, pads it to the column and adds a blank. */
function copyField(
  lines: Uint8Array,
  offset: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  column: number,
): number {
  let length = offset;
  for (let index = start; index < end; index++) lines[length++] = bytes[index] ?? 0;
  length = pad(lines, length, offset + column);
  lines[length++] = blank;
  return length;
}

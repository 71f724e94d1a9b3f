import type { Connection } from "../../../model/table.js";
import type { ConnectionRow } from "../../../proc/fast/connection-row.js";
import { writeIpv4Word, writePort, writeText } from "../../text/fast/ascii.js";
import { ConnectionRows } from "../../text/fast/connection-rows.js";

/** No text of a row is longer: words of 16, addresses of 15, and the names of fields. */
const longestJsonRow = 400;
const quoteByte = 0x22;
const backslashByte = 0x5c;

const endStarts = [',"client":{"address":"', '},"virtual":{"address":"', '},"destination":{"address":"'];
const originEnds = { own: '},"origin":"own"}', sync: '},"origin":"sync"}' } as const;

/**
 * Turns rows into the list of connections in a JSON document, without blanks and without its end. `render` makes the JSON
 * text of a connection that is not like most, in ASCII; of the general path, `connectionKind` and `renderValue`.
 */
export function connectionJsonRows(render: (connection: Connection) => string): ConnectionRows {
  return new ConnectionRows({
    longest: longestJsonRow,
    write: writeJsonRow,
    render: (connection, count) => `${separator(count)}${render(connection)}`,
  });
}

/** What ends the list of so many connections. */
export function endOfJsonRows(count: number): string {
  return count === 0 ? "[]" : "\n]";
}

function separator(count: number): string {
  return count === 0 ? "[\n" : ",\n";
}

/** Negative where a word would need an escape. */
function writeJsonRow(text: Uint8Array, offset: number, row: ConnectionRow, count: number): number {
  let length = writeText(text, offset, `${separator(count)}{"family":"inet","protocol":"`);
  length = writeWord(text, length, row.bytes, row.start, row.protocolEnd);
  if (length < 0) return -1;
  length = writeText(text, length, '","state":"');
  length = writeWord(text, length, row.bytes, row.stateStart, row.stateEnd);
  if (length < 0) return -1;
  length = writeText(text, length, '","expires":');
  length = writeText(text, length, String(row.seconds));
  for (let end = 0; end < 3; end++) {
    length = writeText(text, length, endStarts[end] ?? "");
    length = writeIpv4Word(text, length, row.words[4 * end] ?? 0);
    length = writeText(text, length, '","port":');
    length = writePort(text, length, row.ports[end] ?? 0);
  }
  return writeText(text, length, row.origin === undefined ? "}}" : originEnds[row.origin]);
}

/** Copies a word in lower case; negative where it would need an escape. */
function writeWord(text: Uint8Array, offset: number, bytes: Uint8Array, start: number, end: number): number {
  let length = offset;
  for (let index = start; index < end; index++) {
    const byte = bytes[index] ?? 0;
    if (byte === quoteByte || byte === backslashByte) return -1;
    text[length++] = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
  }
  return length;
}

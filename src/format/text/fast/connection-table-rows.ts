import type { Connection } from "../../../model/table.js";
import { type ConnectionRow, markBytes } from "../../../proc/fast/connection-row.js";
import { blank, newline, pad, writeEndpoint, writeText } from "./ascii.js";
import { endpointColumn, expiryColumn, mostSeconds, writeExpiry } from "./numeric-connections.js";

/*
 * The numeric table of connections. Rows of IPv4 connections become lines without strings or objects in between; all others
 * are left to the general path, `renderTableRow`.
 */

/** No line of such a row is longer: words of 16 and ends of 21. */
const longestRow = 160;
const protocolColumn = 3;
const stateColumn = 11;
const startSize = 64 * 1024;

/** Turns rows of /proc/net/ip_vs_conn_sync into lines. */
export class ConnectionTableRows {
  #lines = Buffer.allocUnsafe(startSize);
  #length = 0;
  /** The number of connections so far. */
  count = 0;

  /** `render` makes the line of a connection that is not like most, a byte string. */
  constructor(private readonly render: (connection: Connection) => string) {}

  /** Whatever is no connection between IPv4 addresses, templates included, which have port 0, is left to `render`. */
  row(row: ConnectionRow): void {
    const { families, ports } = row;
    const isPlain =
      families[0] === 4 && families[1] === 4 && families[2] === 4 && ports[0] !== 0 && row.seconds < mostSeconds;
    if (!isPlain || row.hasProtocol(markBytes)) this.connection(row.toConnection());
    else this.#writeRow(row);
  }

  connection(connection: Connection): void {
    this.count++;
    const text = `${this.render(connection)}\n`;
    this.#makeRoom(text.length);
    this.#length += this.#lines.write(text, this.#length, "latin1");
  }

  /** The lines since the last time; valid until the next row. */
  take(): Uint8Array {
    const lines = this.#lines.subarray(0, this.#length);
    this.#length = 0;
    return lines;
  }

  #writeRow(row: ConnectionRow): void {
    this.count++;
    this.#makeRoom(longestRow);
    const lines = this.#lines;
    let length = copyField(lines, this.#length, row.bytes, row.start, row.protocolEnd, protocolColumn);
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
    this.#length = length;
  }

  #makeRoom(more: number): void {
    const least = this.#length + more;
    if (this.#lines.length < least) this.#lines = Buffer.concat([this.#lines.subarray(0, this.#length)], 2 * least);
  }
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

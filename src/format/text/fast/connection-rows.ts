import type { Connection } from "../../../model/table.js";
import { type ConnectionRow, markBytes } from "../../../proc/fast/connection-row.js";

/*
 * Rows of connections as text. Those of IPv4 connections become bytes without strings or objects in between; all others
 * are left to the general path.
 */

/** One form of the text. */
export interface RowForm {
  /** No row that `write` writes is longer. */
  readonly longest: number;
  /** Writes a row after `count` others and returns where it ends; a negative number leaves it to `render`. */
  readonly write: (text: Uint8Array, offset: number, row: ConnectionRow, count: number) => number;
  /** A connection after `count` others, as a byte string. */
  readonly render: (connection: Connection, count: number) => string;
}

const firstSize = 64 * 1024;

/** Turns rows into text of one form. */
export class ConnectionRows {
  #text = Buffer.allocUnsafe(firstSize);
  #length = 0;
  /** The number of connections so far. */
  count = 0;

  constructor(private readonly form: RowForm) {}

  /** Whatever is no connection between IPv4 addresses, templates included, which have port 0, goes the general path. */
  row(row: ConnectionRow): void {
    const { families, ports } = row;
    const isPlain = families[0] === 4 && families[1] === 4 && families[2] === 4 && ports[0] !== 0;
    if (!isPlain || row.hasProtocol(markBytes) || !this.#writeRow(row)) this.connection(row.toConnection());
  }

  connection(connection: Connection): void {
    const text = this.form.render(connection, this.count);
    this.#makeRoom(text.length);
    this.#length += this.#text.write(text, this.#length, "latin1");
    this.count++;
  }

  /** The text since the last time; valid until the next row. */
  take(): Buffer {
    const text = this.#text.subarray(0, this.#length);
    this.#length = 0;
    return text;
  }

  #writeRow(row: ConnectionRow): boolean {
    this.#makeRoom(this.form.longest);
    const end = this.form.write(this.#text, this.#length, row, this.count);
    if (end < 0) return false;
    this.#length = end;
    this.count++;
    return true;
  }

  #makeRoom(more: number): void {
    const least = this.#length + more;
    if (this.#text.length < least) this.#text = Buffer.concat([this.#text.subarray(0, this.#length)], 2 * least);
  }
}

import type { Connection } from "../../../model/table.js";
import { type ConnectionRow, markBytes } from "../../../proc/fast/connection-row.js";
import { writeIpv4Word, writePort, writeText } from "../../text/fast/ascii.js";

/*
 * The list of connections in a JSON document, without blanks. Rows of IPv4 connections become text without objects in
 * between; all others are left to the general path, `connectionKind` and `renderValue`.
 */

/** No line of such a row is longer: words of 16, addresses of 15, and the names of fields. */
const longestJsonRow = 400;
const firstSize = 64 * 1024;
const quoteByte = 0x22;
const backslashByte = 0x5c;

/** Turns rows into the text of a list. */
export class ConnectionJsonRows {
  #text = Buffer.allocUnsafe(firstSize);
  #length = 0;
  /** The number of connections so far. */
  count = 0;

  /** `render` makes the JSON text of a connection that is not like most, in ASCII. */
  constructor(private readonly render: (connection: Connection) => string) {}

  /** Whatever is no connection between IPv4 addresses, templates included, which have port 0, is left to `render`. */
  row(row: ConnectionRow): void {
    const { families, ports } = row;
    const isPlain = families[0] === 4 && families[1] === 4 && families[2] === 4 && ports[0] !== 0;
    if (!isPlain || row.hasProtocol(markBytes) || !this.#writeRow(row)) this.connection(row.toConnection());
  }

  connection(connection: Connection): void {
    const text = `${this.#separator()}${this.render(connection)}`;
    this.#makeRoom(text.length);
    this.#length += this.#text.write(text, this.#length, "latin1");
    this.count++;
  }

  /** The text since the last time. */
  take(): string {
    const text = this.#text.toString("latin1", 0, this.#length);
    this.#length = 0;
    return text;
  }

  /** What the list ends with. */
  end(): string {
    return this.count === 0 ? "[]" : "\n]";
  }

  #separator(): string {
    return this.count === 0 ? "[\n" : ",\n";
  }

  /** False, with nothing written, where a word would need an escape. */
  #writeRow(row: ConnectionRow): boolean {
    this.#makeRoom(longestJsonRow);
    const text = this.#text;
    let length = writeText(text, this.#length, `${this.#separator()}{"family":"inet","protocol":"`);
    length = writeWord(text, length, row.bytes, row.start, row.protocolEnd);
    if (length < 0) return false;
    length = writeText(text, length, '","state":"');
    length = writeWord(text, length, row.bytes, row.stateStart, row.stateEnd);
    if (length < 0) return false;
    length = writeText(text, length, '","expires":');
    length = writeText(text, length, String(row.seconds));
    for (let end = 0; end < 3; end++) {
      length = writeText(text, length, endStarts[end] ?? "");
      length = writeIpv4Word(text, length, row.words[4 * end] ?? 0);
      length = writeText(text, length, '","port":');
      length = writePort(text, length, row.ports[end] ?? 0);
    }
    length = writeText(text, length, row.origin === undefined ? "}}" : originEnds[row.origin]);
    this.#length = length;
    this.count++;
    return true;
  }

  #makeRoom(more: number): void {
    const least = this.#length + more;
    if (this.#text.length < least) this.#text = Buffer.concat([this.#text.subarray(0, this.#length)], 2 * least);
  }
}

const endStarts = [',"client":{"address":"', '},"virtual":{"address":"', '},"destination":{"address":"'];
const originEnds = { own: '},"origin":"own"}', sync: '},"origin":"sync"}' } as const;

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

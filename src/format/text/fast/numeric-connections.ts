import { concatBytes, copyLatin1, decodeLatin1 } from "../../../bytes/bytes.js";
import { blank, colon, hexDigit, newline, pad, writeEndpoint, writePort, zero } from "./ascii.js";

/*
 * Connections come by the hundred thousand, and most rows look alike: IPv4, every field in its column. Such a row becomes a
 * line of `ipvsadm -Lnc` without strings or objects in between. Any other row is left to the general path.
 */

/** Where the fields of such a row begin; all but the last have a fixed width and are followed by a blank. */
const endpointStarts = [4, 18, 32] as const;
const protocolWidth = 3;
const stateStart = 46;
const stateWidth = 11;
const expiresStart = 58;
const expiresWidth = 7;
/** Where the newline stands. */
const rowLength = expiresStart + expiresWidth;

/** Columns of a listing. */
export const expiryColumn = 6;
export const endpointColumn = 18;
/** More seconds are left to the general path: as minutes they would not fit into sixteen bits. */
export const mostSeconds = 60 * 65_536;
/** The first byte after the graphic ones. */
const deleteByte = 0x7f;
/** No line of such a row is longer. */
const longestLine = 96;

/** Turns whole lines of /proc/net/ip_vs_conn into lines of a listing. */
export class NumericConnections {
  #line = new Uint8Array(0);
  #length = 0;

  /**
   * The lines for the rows in `bytes`; valid until the next call. `renderRow` makes the line, a byte string, of a row that
   * is not like most.
   */
  render(bytes: Uint8Array, renderRow: (row: string) => string): Uint8Array {
    const longest = longestLines(bytes.length);
    if (this.#line.length < longest) this.#line = new Uint8Array(longest);
    this.#length = 0;
    for (let start = 0; start < bytes.length; ) {
      if (bytes[start + rowLength] === newline && this.#writeRow(bytes, start)) {
        start += rowLength + 1;
        continue;
      }
      const lineEnd = bytes.indexOf(newline, start);
      const end = lineEnd < 0 ? bytes.length : lineEnd;
      this.#append(`${renderRow(decodeLatin1(bytes.subarray(start, end)))}\n`, bytes.length - end);
      start = end + 1;
    }
    return this.#line.subarray(0, this.#length);
  }

  /** Appends a line, and leaves room for so many bytes of rows. */
  #append(text: string, rows: number): void {
    const longest = this.#length + text.length + longestLines(rows);
    // Twice the room: many long lines would each copy all the others.
    if (this.#line.length < longest) this.#line = concatBytes([this.#line.subarray(0, this.#length)], 2 * longest);
    copyLatin1(text, this.#line, this.#length);
    this.#length += text.length;
  }

  /** Writes the line of a row; where the row turns out to be another kind, writes nothing and returns false. */
  #writeRow(row: Uint8Array, start: number): boolean {
    const line = this.#line;
    const begin = this.#length;
    const seconds = readSeconds(row, start + expiresStart);
    if (seconds < 0 || seconds >= mostSeconds) return false;

    let length = copyWord(line, begin, row, start, protocolWidth);
    if (length < 0) return false;
    const expiryEnd = writeExpiry(line, length, seconds);
    length = pad(line, expiryEnd, Math.max(length + expiryColumn, expiryEnd) + 1);
    length = copyWord(line, length, row, start + stateStart, stateWidth);
    if (length < 0) return false;
    for (const column of endpointStarts) {
      const end = rewriteEndpoint(line, length, row, start + column);
      if (end < 0) return false;
      length = column === endpointStarts[2] ? end : pad(line, end, Math.max(length + endpointColumn, end) + 1);
    }
    line[length++] = newline;
    this.#length = length;
    return true;
  }
}

/** What the lines of so many bytes of ordinary rows can take. */
function longestLines(rows: number): number {
  return Math.ceil(rows / rowLength) * longestLine;
}

/**
 * Copies a word that is padded to `width`, and the blank after it. Returns where the copy ends, or a negative number
 * where there is no such word.
 */
function copyWord(line: Uint8Array, offset: number, row: Uint8Array, start: number, width: number): number {
  let blanks = 0;
  for (let index = 0; index <= width; index++) {
    const byte = row[start + index] ?? 0;
    line[offset + index] = byte;
    if (byte === blank) blanks++;
    else if (blanks > 0 || byte < blank || byte >= deleteByte) return -1;
  }
  return blanks > 0 && blanks <= width ? offset + width + 1 : -1;
}

/** The right-aligned number of the last column; negative where there is none. */
function readSeconds(row: Uint8Array, start: number): number {
  let index = start;
  while (index < start + expiresWidth - 1 && row[index] === blank) index++;
  let seconds = 0;
  for (; index < start + expiresWidth; index++) {
    const digit = (row[index] ?? 0) - zero;
    if (digit < 0 || digit > 9) return -1;
    seconds = seconds * 10 + digit;
  }
  return seconds;
}

/** Writes `0A000001 0050` as `10.0.0.1:80`; returns where it ends, or a negative number where it is something else. */
function rewriteEndpoint(line: Uint8Array, offset: number, row: Uint8Array, start: number): number {
  let address = 0;
  let port = 0;
  let digits = 0;
  for (let index = start; index < start + 8; index++) {
    const digit = hexDigit(row[index]);
    digits |= digit;
    address = (address << 4) | digit;
  }
  for (let index = start + 9; index < start + 13; index++) {
    const digit = hexDigit(row[index]);
    digits |= digit;
    port = (port << 4) | digit;
  }
  if (digits > 15 || row[start + 8] !== blank || row[start + 13] !== blank) return -1;
  return writeEndpoint(line, offset, address, port);
}

/** `mm:ss`, minutes with two digits or more, of fewer than `mostSeconds`. */
export function writeExpiry(line: Uint8Array, offset: number, seconds: number): number {
  const minutes = (seconds / 60) | 0;
  const rest = seconds - 60 * minutes;
  let end = offset;
  if (minutes < 10) line[end++] = zero;
  end = writePort(line, end, minutes);
  line[end++] = colon;
  if (rest < 10) line[end++] = zero;
  return writePort(line, end, rest);
}

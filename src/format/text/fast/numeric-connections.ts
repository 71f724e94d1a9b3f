import { BLANK, COLON, hexDigit, NEWLINE, pad, writeEndpoint, writePort, ZERO } from "./ascii.js";

/*
 * Connections come by the hundred thousand, and most rows look alike: IPv4, every field in its column. Such a row becomes a
 * line of `ipvsadm -Lnc` without strings or objects in between. Any other row is left to the general way.
 */

/** Where the fields of such a row begin; all but the last have a fixed width and a blank behind them. */
const ENDPOINTS = [4, 18, 32] as const;
const PROTOCOL_WIDTH = 3;
const STATE = 46;
const STATE_WIDTH = 11;
const EXPIRES = 58;
const EXPIRES_WIDTH = 7;
/** Where the newline stands. */
const ROW_LENGTH = EXPIRES + EXPIRES_WIDTH;

/** Columns of a listing. */
const EXPIRY_WIDTH = 6;
const ENDPOINT_WIDTH = 18;
/** More seconds are for the general way: as minutes they would not fit into sixteen bits. */
const MOST_SECONDS = 60 * 65_536;
/** The first byte behind the graphic ones. */
const DELETE = 0x7f;
/** No line of such a row is longer. */
const LONGEST_LINE = 96;

/** Turns whole lines of /proc/net/ip_vs_conn into lines of a listing. */
export class NumericConnections {
  #line = Buffer.alloc(0);
  #length = 0;

  /**
   * The lines for the rows in `bytes`; valid until the next call. `renderRow` makes the line, a byte string, of a row that
   * is not like most.
   */
  render(bytes: Uint8Array, renderRow: (row: string) => string): Uint8Array {
    const longest = longestLines(bytes.length);
    if (this.#line.length < longest) this.#line = Buffer.allocUnsafe(longest);
    this.#length = 0;
    for (let start = 0; start < bytes.length; ) {
      if (bytes[start + ROW_LENGTH] === NEWLINE && this.#writeRow(bytes, start)) {
        start += ROW_LENGTH + 1;
        continue;
      }
      const newline = bytes.indexOf(NEWLINE, start);
      const end = newline < 0 ? bytes.length : newline;
      this.#append(`${renderRow(Buffer.from(bytes.subarray(start, end)).toString("latin1"))}\n`, bytes.length - end);
      start = end + 1;
    }
    return this.#line.subarray(0, this.#length);
  }

  /** Appends a line, and leaves room for so many bytes of rows. */
  #append(text: string, rows: number): void {
    const longest = this.#length + text.length + longestLines(rows);
    if (this.#line.length < longest) this.#line = Buffer.concat([this.#line.subarray(0, this.#length)], longest);
    this.#length += this.#line.write(text, this.#length, "latin1");
  }

  /** Writes the line of a row; where the row turns out to be another kind, writes nothing and returns false. */
  #writeRow(row: Uint8Array, start: number): boolean {
    const line = this.#line;
    const begin = this.#length;
    const seconds = readSeconds(row, start + EXPIRES);
    if (seconds < 0 || seconds >= MOST_SECONDS) return false;

    let length = copyWord(line, begin, row, start, PROTOCOL_WIDTH);
    if (length < 0) return false;
    const expiryEnd = writeExpiry(line, length, seconds);
    length = pad(line, expiryEnd, Math.max(length + EXPIRY_WIDTH, expiryEnd) + 1);
    length = copyWord(line, length, row, start + STATE, STATE_WIDTH);
    if (length < 0) return false;
    for (const column of ENDPOINTS) {
      const end = rewriteEndpoint(line, length, row, start + column);
      if (end < 0) return false;
      length = column === ENDPOINTS[2] ? end : pad(line, end, Math.max(length + ENDPOINT_WIDTH, end) + 1);
    }
    line[length++] = NEWLINE;
    this.#length = length;
    return true;
  }
}

/** What the lines of so many bytes of ordinary rows can take. */
function longestLines(rows: number): number {
  return Math.ceil(rows / ROW_LENGTH) * LONGEST_LINE;
}

/**
 * Copies a word that is padded to `width`, and the blank behind it. Returns where the copy ends, or a negative number
 * where there is no such word.
 */
function copyWord(line: Uint8Array, offset: number, row: Uint8Array, start: number, width: number): number {
  let blanks = 0;
  for (let index = 0; index <= width; index++) {
    const byte = row[start + index] ?? 0;
    line[offset + index] = byte;
    if (byte === BLANK) blanks++;
    else if (blanks > 0 || byte < BLANK || byte >= DELETE) return -1;
  }
  return blanks > 0 && blanks <= width ? offset + width + 1 : -1;
}

/** The right-aligned number of the last column; negative where there is none. */
function readSeconds(row: Uint8Array, start: number): number {
  let index = start;
  while (index < start + EXPIRES_WIDTH - 1 && row[index] === BLANK) index++;
  let seconds = 0;
  for (; index < start + EXPIRES_WIDTH; index++) {
    const digit = (row[index] ?? 0) - ZERO;
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
  if (digits > 15 || row[start + 8] !== BLANK || row[start + 13] !== BLANK) return -1;
  return writeEndpoint(line, offset, address, port);
}

/** `mm:ss`, minutes with two digits or more. */
function writeExpiry(line: Uint8Array, offset: number, seconds: number): number {
  const minutes = (seconds / 60) | 0;
  const rest = seconds - 60 * minutes;
  let end = offset;
  if (minutes < 10) line[end++] = ZERO;
  end = writePort(line, end, minutes);
  line[end++] = COLON;
  if (rest < 10) line[end++] = ZERO;
  return writePort(line, end, rest);
}

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
/** No line of such a row is longer. */
const LONGEST_LINE = 96;

const BLANK = 0x20;
const NEWLINE = 0x0a;
const ZERO = 0x30;

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
    const protocolEnd = wordEnd(row, start, PROTOCOL_WIDTH);
    const stateEnd = wordEnd(row, start + STATE, STATE_WIDTH);
    const seconds = readSeconds(row, start + EXPIRES);
    if (protocolEnd < 0 || stateEnd < 0 || seconds < 0) return false;

    let length = begin;
    for (let index = 0; index <= PROTOCOL_WIDTH; index++) line[length++] = row[start + index] ?? BLANK;
    const expiryEnd = writeExpiry(line, length, seconds);
    length = pad(line, expiryEnd, Math.max(length + EXPIRY_WIDTH, expiryEnd) + 1);
    for (let index = 0; index <= STATE_WIDTH; index++) line[length++] = row[start + STATE + index] ?? BLANK;
    for (const column of ENDPOINTS) {
      const end = writeEndpoint(line, length, row, start + column);
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

/** Where the word that begins at `start` and is padded to `width` ends; negative where there is no such word. */
function wordEnd(row: Uint8Array, start: number, width: number): number {
  let end = start;
  while (end < start + width && isGraphic(row[end])) end++;
  for (let index = end; index <= start + width; index++) if (row[index] !== BLANK) return -1;
  return end > start ? end : -1;
}

function isGraphic(byte: number | undefined): boolean {
  return byte !== undefined && byte > BLANK && byte < 0x7f;
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
function writeEndpoint(line: Uint8Array, offset: number, row: Uint8Array, start: number): number {
  if (row[start + 8] !== BLANK || row[start + 13] !== BLANK) return -1;
  let end = offset;
  for (let index = start; index < start + 8; index += 2) {
    const octet = readOctet(row, index);
    if (octet < 0) return -1;
    end = writeNumber(line, end, octet);
    line[end++] = index < start + 6 ? 0x2e : 0x3a;
  }
  const high = readOctet(row, start + 9);
  const low = readOctet(row, start + 11);
  return high < 0 || low < 0 ? -1 : writeNumber(line, end, high * 256 + low);
}

function readOctet(row: Uint8Array, index: number): number {
  const high = readDigit(row[index] ?? 0);
  const low = readDigit(row[index + 1] ?? 0);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/** The kernel writes its hexadecimal digits in capitals. */
function readDigit(byte: number): number {
  if (byte >= ZERO && byte <= 0x39) return byte - ZERO;
  return byte >= 0x41 && byte <= 0x46 ? byte - 0x37 : -1;
}

function writeNumber(line: Uint8Array, offset: number, value: number): number {
  let end = offset + (value < 10 ? 1 : value < 100 ? 2 : value < 1000 ? 3 : value < 10_000 ? 4 : 5);
  if (value >= 100_000) end = offset + value.toString().length;
  for (let index = end - 1, rest = value; index >= offset; index--) {
    line[index] = ZERO + (rest % 10);
    rest = (rest / 10) | 0;
  }
  return end;
}

/** `mm:ss`, minutes with two digits or more. */
function writeExpiry(line: Uint8Array, offset: number, seconds: number): number {
  const minutes = (seconds / 60) | 0;
  let end = offset;
  if (minutes < 10) line[end++] = ZERO;
  end = writeNumber(line, end, minutes);
  line[end++] = 0x3a;
  line[end++] = ZERO + (((seconds % 60) / 10) | 0);
  line[end++] = ZERO + ((seconds % 60) % 10);
  return end;
}

function pad(line: Uint8Array, offset: number, end: number): number {
  if (offset < end) line.fill(BLANK, offset, end);
  return Math.max(offset, end);
}

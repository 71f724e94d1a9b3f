import { largestInteger } from "../../../model/limits.js";
import { forwardingWords, type ServerRows, serverWords } from "../../../proc/proc-table.js";
import { mergeSort } from "../classic-order.js";
import { forwardingOptions, nameWidth, plainColumns, serverArrow } from "../views.js";
import { blank, hexDigit, newline, pad, writeEndpoint, writeText } from "./ascii.js";

/*
 * The fast path of listing.ts (plain views, numeric) and rule-lines.ts (numeric). Servers come by the ten thousand. What
 * `ipvsadm -Ln` and `-Sn` show of one is in its row of /proc/net/ip_vs, in the same words, and is copied without objects or
 * strings in between. It relies on one coincidence, which it checks: the columns of a plain listing are the words of a row,
 * in the same order. Rows with an IPv6 address are left to the general path.
 */

/** Whether a plain listing can be copied word by word from the rows. */
const copiesWords =
  plainColumns.length === serverWords.length && plainColumns.every(({ field }, index) => field === serverWords[index]);

/** `  -> 0A000001:0050`, and what follows begins with a blank. */
const addressStart = 5;
const portStart = addressStart + 9;
const columnsStart = portStart + 4;

const openingBracket = 0x5b;

/** What a line takes at most besides what it copies of its row. */
const longestAddition = 96;

interface ServerPosition {
  /** The first octet is the highest. */
  address: number;
  port: number;
  /** Where the columns after the endpoint begin. */
  columns: number;
}

/** Turns the rows of a service's servers into lines. What it returns is valid until the next call. */
export class NumericServers {
  /** Rows of earlier calls are used again. */
  readonly #rows: ServerPosition[] = [];
  #count = 0;
  #lines = new Uint8Array();
  /** The options for the forwarding methods, by the first letter of the word that rows have for the method. */
  readonly #options: string[] = [];

  /** Lines of a plain listing; undefined where a row is not like most. */
  renderListing(rows: ServerRows, sorted: boolean): Uint8Array | undefined {
    if (!copiesWords || !this.#read(rows, 0)) return undefined;
    if (sorted) this.#sort();
    let end = 0;
    for (let index = 0; index < this.#count; index++)
      end = this.#writeListed(end, rows.text, this.#rows[index] as ServerPosition);
    return this.#lines.subarray(0, end);
  }

  /** Rules that add the servers to the service that `key` names, sorted; undefined where a row is not like most. */
  renderRules(rows: ServerRows, key: string): Uint8Array | undefined {
    if (!this.#read(rows, key.length)) return undefined;
    this.#sort();
    if (this.#options.length === 0) this.#collectOptions();
    let end = 0;
    for (let index = 0; index < this.#count; index++) {
      end = this.#writeRule(end, rows.text, this.#rows[index] as ServerPosition, key);
    }
    return this.#lines.subarray(0, end);
  }

  /** Reads the rows and makes room for their lines, each with so many bytes more. */
  #read({ text, start, end }: ServerRows, more: number): boolean {
    this.#count = 0;
    for (let position = start; position < end; ) {
      if (text.charCodeAt(position + addressStart) === openingBracket) return false;
      if (this.#count === this.#rows.length) this.#rows.push({ address: 0, port: 0, columns: 0 });
      const row = this.#rows[this.#count++] as ServerPosition;
      row.address = readHex(text, position + addressStart, 8) >>> 0;
      row.port = readHex(text, position + portStart, 4);
      row.columns = position + columnsStart;
      position = text.indexOf("\n", row.columns) + 1;
    }
    const room = end - start + this.#count * (longestAddition + more);
    if (this.#lines.length < room) this.#lines = new Uint8Array(2 * room);
    return true;
  }

  #collectOptions(): void {
    for (const [word, method] of Object.entries(forwardingWords)) {
      this.#options[word.charCodeAt(0)] = forwardingOptions[method];
    }
  }

  #sort(): void {
    if (this.#isDescending()) this.#reverse();
    else mergeSort(this.#rows, this.#count, compareRows);
  }

  /**
   * Whether every row is before the one in front of it, as the kernel has servers that were added in order. All must be so
   * close together that differences have their true sign; only then is it enough to compare neighbors.
   */
  #isDescending(): boolean {
    const highest = this.#rows[0]?.address ?? 0;
    for (let index = 1; index < this.#count; index++) {
      const [before, row] = [this.#rows[index - 1] as ServerPosition, this.#rows[index] as ServerPosition];
      const distance = highest - row.address;
      if (distance < 0 || distance > largestInteger || compareRows(before, row) <= 0) return false;
    }
    return true;
  }

  #reverse(): void {
    for (let left = 0, right = this.#count - 1; left < right; left++, right--) {
      const row = this.#rows[left] as ServerPosition;
      this.#rows[left] = this.#rows[right] as ServerPosition;
      this.#rows[right] = row;
    }
  }

  #writeListed(offset: number, text: string, row: ServerPosition): number {
    const lines = this.#lines;
    const name = writeText(lines, offset, serverArrow);
    let end = pad(lines, writeEndpoint(lines, name, row.address, row.port), name + nameWidth);
    let column = row.columns;
    for (const { width } of plainColumns) {
      lines[end++] = blank;
      const start = wordStart(text, column);
      column = wordEnd(text, start);
      end = pad(lines, writeText(lines, end, text, start, column), end + width);
    }
    lines[end] = newline;
    return end + 1;
  }

  #writeRule(offset: number, text: string, row: ServerPosition, key: string): number {
    const lines = this.#lines;
    let end = writeText(lines, offset, "-a ");
    end = writeText(lines, end, key);
    end = writeText(lines, end, " -r ");
    end = writeEndpoint(lines, end, row.address, row.port);
    const word = wordStart(text, row.columns);
    const weight = wordStart(text, wordEnd(text, word));
    lines[end++] = blank;
    end = writeText(lines, end, this.#options[text.charCodeAt(word)] ?? forwardingOptions.route);
    end = writeText(lines, end, " -w ");
    end = writeText(lines, end, text, weight, wordEnd(text, weight));
    lines[end] = newline;
    return end + 1;
  }
}

/** As in every listing, a difference is a signed 32-bit number. */
function compareRows(first: ServerPosition, second: ServerPosition): number {
  return (first.address - second.address) | 0 || first.port - second.port;
}

function readHex(text: string, start: number, length: number): number {
  let value = 0;
  for (let index = start; index < start + length; index++) value = (value << 4) | hexDigit(text.charCodeAt(index));
  return value;
}

function wordStart(text: string, position: number): number {
  let start = position;
  while (text.charCodeAt(start) === blank) start++;
  return start;
}

function wordEnd(text: string, start: number): number {
  let end = start;
  while (text.charCodeAt(end) > blank) end++;
  return end;
}

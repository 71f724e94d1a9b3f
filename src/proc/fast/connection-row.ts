import { markProtocol } from "../../model/selection/connection-traits.js";
import type { Connection, ConnectionOrigin } from "../../model/table.js";
import { type ConnectionsFile, parseConnection } from "../proc-connections.js";

/*
 * There may be hundreds of thousands of connections, and most are rejected by a filter or only counted. Their rows are
 * taken apart here into numbers, without strings or objects. An unusual row is left to the general path.
 */

const blankByte = 0x20;
const rowEnd = 0x0a;
const colonByte = 0x3a;
const zeroDigit = 0x30;
/** The first byte after the graphic ones. */
const firstNotGraphic = 0x7f;

const notHex = 0xff;
/** The values of hexadecimal digits: IPv4 addresses and ports have capitals, IPv6 addresses small letters. */
const upperDigits = makeDigits(0x41);
const lowerDigits = makeDigits(0x61);

function makeDigits(ten: number): Uint8Array {
  const digits = new Uint8Array(256).fill(notHex);
  for (let digit = 0; digit < 16; digit++) digits[digit < 10 ? zeroDigit + digit : ten + digit - 10] = digit;
  return digits;
}

const ipv4Length = "0A000001".length;
const ipv6Length = "2001:0db8:0000:0000:0000:0000:0000:0001".length;
/** Larger numbers of seconds are negative ones, of timers that have just run out. */
const largestSeconds = 2 ** 31 - 1;
/** A double has a number of so many digits exactly. */
const mostDigits = 15;
/** The kernel's words are shorter. */
const longestKernelWord = 16;

/** The index of an end of a connection in `words`, `families` and `ports`. */
export const sourceEnd = 0;
export const virtualEnd = 1;
export const destinationEnd = 2;

/** A row of the file, taken apart. Its values are those of the last `scan` that was successful. */
export class ConnectionRow {
  /** The bytes that hold the row. */
  bytes: Uint8Array = new Uint8Array();
  start = 0;
  protocolEnd = 0;
  stateStart = 0;
  stateEnd = 0;
  /** The first byte after the row, which is the first of the next one. */
  next = 0;
  /** Seconds until it expires, 0 where the timer has just run out. */
  seconds = 0;
  /** Undefined where the file does not have it, unless the reader knows it from the other one. */
  origin: ConnectionOrigin | undefined;
  /** Four words of 32 bits for each end; an IPv4 address is the first of them. */
  readonly words = new Int32Array(12);
  /** 4 or 6. */
  readonly families = new Uint8Array(3);
  readonly ports = new Int32Array(3);

  constructor(private readonly file: ConnectionsFile) {}

  /** Takes the row that begins at `start` apart; false where it is not like most, or not whole. */
  scan(bytes: Uint8Array, start: number): boolean {
    const protocolEnd = endOfWord(bytes, start);
    let index = endOfBlanks(bytes, protocolEnd);
    if (!isLikelyWord(start, protocolEnd) || index === protocolEnd) return false;
    for (let end = sourceEnd; end <= destinationEnd; end++) {
      index = this.#scanEnd(bytes, index, end);
      if (index < 0) return false;
    }
    this.origin = undefined;
    const stateStart = index;
    const stateEnd = endOfWord(bytes, stateStart);
    index = endOfBlanks(bytes, stateEnd);
    if (!isLikelyWord(stateStart, stateEnd) || index === stateEnd) return false;
    if (this.file === "ip_vs_conn_sync") {
      index = this.#scanOrigin(bytes, index);
      if (index < 0) return false;
    }
    const secondsStart = index;
    let seconds = 0;
    for (; ; index++) {
      const digit = (bytes[index] ?? 0) - zeroDigit;
      if (digit < 0 || digit > 9) break;
      seconds = 10 * seconds + digit;
    }
    // What follows the seconds belongs to a persistence engine.
    if (index === secondsStart || index - secondsStart > mostDigits || bytes[index] !== rowEnd) return false;
    const low = seconds > largestSeconds ? seconds % 2 ** 32 : seconds;
    this.seconds = low > largestSeconds ? 0 : low;
    this.bytes = bytes;
    this.start = start;
    this.protocolEnd = protocolEnd;
    this.stateStart = stateStart;
    this.stateEnd = stateEnd;
    this.next = index + 1;
    return true;
  }

  /** Whether the state is the word whose bytes these are. */
  hasState(word: Uint8Array): boolean {
    return isWord(this.bytes, this.stateStart, this.stateEnd, word);
  }

  /** Whether the protocol is the word whose bytes these are. */
  hasProtocol(word: Uint8Array): boolean {
    return isWord(this.bytes, this.start, this.protocolEnd, word);
  }

  /** The part of the row that does not change during a connection: protocol and ends, with the blank after them. */
  readIdentity(): string {
    return sliceText(this.bytes, this.start, this.stateStart);
  }

  readState(): string {
    return sliceText(this.bytes, this.stateStart, this.stateEnd);
  }

  /** The row as an object. */
  toConnection(): Connection {
    const connection = parseConnection(sliceText(this.bytes, this.start, this.next - 1), this.file);
    return this.origin === undefined ? connection : { ...connection, origin: this.origin };
  }

  /** Reads an address, a port and the blanks after each; returns where they end, or a negative number. */
  #scanEnd(bytes: Uint8Array, start: number, end: number): number {
    let index = start;
    let digits = 0;
    let word = 0;
    if (bytes[start + ipv4Length] === blankByte) {
      for (; index < start + ipv4Length; index++) {
        const digit = upperDigits[bytes[index] ?? 0] ?? notHex;
        digits |= digit;
        word = (word << 4) | digit;
      }
      this.words[4 * end] = word;
      this.families[end] = 4;
    } else {
      // Eight groups of four digits: two of them fill a word.
      for (let group = 0; group < 8; group++) {
        if (group > 0 && bytes[index++] !== colonByte) return -1;
        for (let place = 0; place < 4; place++, index++) {
          const digit = lowerDigits[bytes[index] ?? 0] ?? notHex;
          digits |= digit;
          word = (word << 4) | digit;
        }
        if (group & 1) this.words[4 * end + (group >> 1)] = word;
      }
      if (bytes[start + ipv6Length] !== blankByte) return -1;
      this.families[end] = 6;
    }
    const portStart = index + 1;
    let port = 0;
    for (index = portStart; index < portStart + 4; index++) {
      const digit = upperDigits[bytes[index] ?? 0] ?? notHex;
      digits |= digit;
      port = (port << 4) | digit;
    }
    if (digits > 15 || bytes[index] !== blankByte) return -1;
    this.ports[end] = port;
    return index + 1;
  }

  /** Reads `LOCAL` or `SYNC` and the blanks after it; returns where they end, or a negative number. */
  #scanOrigin(bytes: Uint8Array, start: number): number {
    const end = endOfWord(bytes, start);
    const isOwn = isWord(bytes, start, end, ownWord);
    if (!isOwn && !isWord(bytes, start, end, syncWord)) return -1;
    this.origin = isOwn ? "own" : "sync";
    const next = endOfBlanks(bytes, end);
    return next === end ? -1 : next;
  }
}

/** The bytes of a word of the kernel's. */
export function bytesOfWord(word: string): Uint8Array {
  return Uint8Array.from(word, (character) => character.charCodeAt(0));
}

/** The word of the templates of firewall marks. */
export const markBytes = bytesOfWord(markProtocol);

const ownWord = bytesOfWord("LOCAL");
const syncWord = bytesOfWord("SYNC");

function isLikelyWord(start: number, end: number): boolean {
  return start < end && end - start <= longestKernelWord;
}

function isWord(bytes: Uint8Array, start: number, end: number, word: Uint8Array): boolean {
  if (end - start !== word.length) return false;
  for (let index = 0; index < word.length; index++) if (bytes[start + index] !== word[index]) return false;
  return true;
}

function endOfWord(bytes: Uint8Array, start: number): number {
  let index = start;
  for (; ; index++) {
    const byte = bytes[index] ?? 0;
    if (byte <= blankByte || byte >= firstNotGraphic) return index;
  }
}

function endOfBlanks(bytes: Uint8Array, start: number): number {
  let index = start;
  while (bytes[index] === blankByte) index++;
  return index;
}

function sliceText(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
}

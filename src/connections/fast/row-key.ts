import { formatAddress } from "../../model/address.js";
import type { ClientNetwork, GroupKey, GroupValues } from "../../model/selection/connection-group.js";
import { markProtocol } from "../../model/selection/connection-traits.js";
import type { ConnectionEndpoint, Family, MarkServiceKey } from "../../model/table.js";
import {
  type ConnectionRow,
  destinationEnd,
  markBytes,
  sourceEnd,
  virtualEnd,
} from "../../proc/fast/connection-row.js";
import { maskOfWord } from "./row-filter.js";

/** Room for every key once: words of 16 bytes, and ends of 19. */
const longestKey = 256;
const longestLength = 128;
const blankEnd = 0x20;

/**
 * Texts that stand for the groups of rows, one for one, with a character per byte. They are much cheaper than the objects
 * that `groupOf` makes. `decode` turns them into the same objects.
 */
export class RowKeys {
  readonly #bytes = Buffer.alloc(longestKey);
  #length = 0;

  constructor(private readonly keys: readonly GroupKey[]) {}

  keyOf(row: ConnectionRow): string {
    this.#length = 0;
    for (const { name, prefixLength = longestLength } of this.keys) {
      switch (name) {
        case "client":
          this.#addAddress(row, sourceEnd, prefixLength);
          break;
        case "virtual":
          // Of the protocol, only whether there is a mark in place of an address.
          this.#addByte(row.hasProtocol(markBytes) ? 1 : 0);
          this.#addEnd(row, virtualEnd);
          break;
        case "service":
          this.#addWord(row, row.start, row.protocolEnd);
          this.#addEnd(row, virtualEnd);
          break;
        case "server":
          this.#addEnd(row, destinationEnd);
          break;
        case "state":
          this.#addWord(row, row.stateStart, row.stateEnd);
          break;
        case "protocol":
          this.#addWord(row, row.start, row.protocolEnd);
          break;
        case "origin":
          this.#addByte(row.origin === "sync" ? 1 : 0);
          break;
      }
    }
    return this.#bytes.toString("latin1", 0, this.#length);
  }

  /** The values that the rows of a key have in common. */
  decode(key: string): GroupValues {
    const reader = new KeyReader(key);
    return Object.assign({}, ...this.keys.map((part) => decodePart(reader, part)));
  }

  #addByte(byte: number): void {
    this.#bytes[this.#length++] = byte;
  }

  #addEnd(row: ConnectionRow, end: number): void {
    this.#addAddress(row, end, longestLength);
    const port = row.ports[end] ?? 0;
    this.#addByte(port >> 8);
    this.#addByte(port);
  }

  #addAddress(row: ConnectionRow, end: number, prefixLength: number): void {
    const family = row.families[end] ?? 0;
    this.#addByte(family);
    const count = family === 4 ? 1 : 4;
    for (let index = 0; index < count; index++) {
      const word = (row.words[4 * end + index] ?? 0) & maskOfWord(prefixLength, index);
      this.#addByte(word >>> 24);
      this.#addByte(word >>> 16);
      this.#addByte(word >>> 8);
      this.#addByte(word);
    }
  }

  #addWord(row: ConnectionRow, start: number, end: number): void {
    for (let index = start; index < end; index++) this.#addByte(row.bytes[index] ?? 0);
    this.#addByte(blankEnd);
  }
}

function decodePart(reader: KeyReader, { name, prefixLength = longestLength }: GroupKey): GroupValues {
  switch (name) {
    case "client":
      return { client: reader.readNetwork(prefixLength) };
    case "virtual":
      return { virtual: reader.readByte() === 1 ? reader.readMark() : reader.readEnd() };
    case "service": {
      const protocol = reader.readWord();
      return { service: protocol === markProtocol ? reader.readMark() : { protocol, ...reader.readEnd() } };
    }
    case "server":
      return { server: reader.readEnd() };
    case "state":
      return { state: reader.readWord() };
    case "protocol":
      return { protocol: reader.readWord() };
    case "origin":
      return { origin: reader.readByte() === 1 ? "sync" : "own" };
  }
}

class KeyReader {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(key: string) {
    this.#bytes = Buffer.from(key, "latin1");
  }

  readByte(): number {
    return this.#bytes[this.#position++] ?? 0;
  }

  readWord(): string {
    const end = this.#bytes.indexOf(blankEnd, this.#position);
    const word = this.#bytes.toString("latin1", this.#position, end);
    this.#position = end + 1;
    return word;
  }

  readNetwork(prefixLength: number): ClientNetwork {
    const { address, bytes } = this.#readAddress();
    return { address, prefixLength: Math.min(prefixLength, 8 * bytes.length) };
  }

  readEnd(): ConnectionEndpoint {
    const { address } = this.#readAddress();
    return { address, port: this.#readPort() };
  }

  readMark(): MarkServiceKey {
    const { family, bytes } = this.#readAddress();
    this.#readPort();
    return { family, fwmark: bytes.readUInt32BE(0) };
  }

  #readPort(): number {
    return 256 * this.readByte() + this.readByte();
  }

  #readAddress(): { family: Family; address: string; bytes: Buffer } {
    const family = this.readByte() === 4 ? "inet" : "inet6";
    const end = this.#position + (family === "inet" ? 4 : 16);
    const bytes = this.#bytes.subarray(this.#position, end);
    this.#position = end;
    return { family, address: formatAddress(family, bytes), bytes };
  }
}

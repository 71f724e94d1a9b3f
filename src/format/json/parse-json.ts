import { decodeUtf8 } from "../../bytes/bytes.js";
import { isUtf8 } from "../../bytes/is-utf8.js";
import { DocumentError } from "./document-error.js";

/**
 * What JSON or YAML text says. An integer that a double cannot hold is a bigint; an object has no prototype, so that no key of a
 * document means anything to JavaScript.
 */
export type JsonValue = null | boolean | number | bigint | string | readonly JsonValue[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: JsonValue;
}

export function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a document may have at most, in JSON and in YAML. */
export const documentLimits = {
  /** Deeper than any document of ours, and far from the end of the stack. */
  depth: 32,
  /** Characters between the quotes of a string. The longest text of ours has 255 bytes, each of which may be an escape of six. */
  stringLength: 2048,
  /** Characters of a number. Those of 64 bits have 20. */
  numberLength: 40,
  /** Members of an object. Ours have fewer than twenty. */
  members: 100,
  /** Values in a document. A server with all that is measured of it is two dozen. */
  values: 10_000_000,
} as const;

/** Each limit as a fault. */
export const limitFaults = {
  depth: `nested more than ${documentLimits.depth} deep`,
  stringLength: `a string of more than ${documentLimits.stringLength} characters`,
  numberLength: `a number of more than ${documentLimits.numberLength} characters`,
  members: `an object of more than ${documentLimits.members} members`,
  values: `more than ${documentLimits.values} values`,
} as const satisfies Record<keyof typeof documentLimits, string>;

/** Parses UTF-8 JSON text, after a byte order mark if it has one. Throws a DocumentError with line and column. */
export function parseJsonBytes(bytes: Uint8Array): JsonValue {
  return new Parser(decodeDocument(bytes)).document();
}

/** The text without a byte order mark of UTF-8. */
export function withoutMark(bytes: Uint8Array): Uint8Array {
  const [first, second, third] = bytes;
  return first === 0xef && second === 0xbb && third === 0xbf ? bytes.subarray(3) : bytes;
}

/** The text of a document in UTF-8, without a byte order mark. Throws a DocumentError for any other encoding. */
export function decodeDocument(bytes: Uint8Array): string {
  if (isUtf16(bytes)) throw new DocumentError("the document is in UTF-16: convert it to UTF-8");
  if (!isUtf8(bytes)) throw new DocumentError(`line ${firstInvalidLine(bytes)}: invalid UTF-8`);
  return decodeUtf8(withoutMark(bytes));
}

/** Text in UTF-16 starts with a byte order mark or has a NUL in one of its first two bytes, where it starts with ASCII. */
function isUtf16([first, second]: Uint8Array): boolean {
  if (first === undefined || second === undefined) return false;
  return first * second === 0 || (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

function firstInvalidLine(bytes: Uint8Array): number {
  let line = 1;
  for (let start = 0; ; line++) {
    const end = bytes.indexOf(0x0a, start);
    if (end === -1 || !isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
}

/** A strict parser (RFC 8259), for what JSON.parse hides: duplicate keys, long integers, the place of a fault. */
class Parser {
  #position = 0;
  #values = 0;

  constructor(private readonly text: string) {}

  document(): JsonValue {
    const value = this.#value(0);
    this.#skipBlanks();
    if (this.#position < this.text.length) throw this.#unexpected("the end of the document");
    return value;
  }

  #value(depth: number): JsonValue {
    if (depth > documentLimits.depth) throw this.#fault(this.#position, limitFaults.depth);
    if (++this.#values > documentLimits.values) throw this.#fault(this.#position, limitFaults.values);
    this.#skipBlanks();
    switch (this.text[this.#position]) {
      case "{":
        return this.#object(depth);
      case "[":
        return this.#array(depth);
      case '"':
        return this.#string();
      default:
        return this.#literal();
    }
  }

  #object(depth: number): JsonObject {
    const object: Record<string, JsonValue> = Object.create(null);
    let members = 0;
    this.#position++;
    if (this.#takes("}")) return object;
    do {
      this.#skipBlanks();
      if (++members > documentLimits.members) throw this.#fault(this.#position, limitFaults.members);
      const start = this.#position;
      if (this.text[start] !== '"') throw this.#unexpected("a name in double quotes");
      const key = this.#string();
      if (key in object) throw this.#fault(start, duplicateKey(key));
      if (!this.#takes(":")) throw this.#unexpected('":"');
      object[key] = this.#value(depth + 1);
    } while (this.#takes(","));
    if (!this.#takes("}")) throw this.#unexpected('"," or "}"');
    return object;
  }

  #array(depth: number): JsonValue[] {
    const array: JsonValue[] = [];
    this.#position++;
    if (this.#takes("]")) return array;
    do array.push(this.#value(depth + 1));
    while (this.#takes(","));
    if (!this.#takes("]")) throw this.#unexpected('"," or "]"');
    return array;
  }

  #string(): string {
    const start = this.#position++;
    for (let escaped = false; ; ) {
      const end = this.#find(/["\\]|[^ -\uffff]/g);
      if (this.#position - start - 2 > documentLimits.stringLength) throw this.#fault(start, limitFaults.stringLength);
      if (end === '"') {
        const raw = this.text.slice(start, this.#position);
        return escaped ? (JSON.parse(raw) as string) : raw.slice(1, -1);
      }
      if (end === undefined) throw this.#fault(start, "unterminated string");
      this.#position--;
      if (end !== "\\") throw this.#fault(this.#position, "a control character in a string");
      escaped = true;
      if (this.#find(/\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y) === undefined) {
        throw this.#fault(this.#position, "an unknown escape in a string");
      }
    }
  }

  #literal(): JsonValue {
    const start = this.#position;
    const word = this.#find(/[-+.\w]+/y);
    if (word === "true") return true;
    if (word === "false") return false;
    if (word === "null") return null;
    if (word !== undefined && word.length > documentLimits.numberLength && /^-?\d/.test(word)) {
      throw this.#fault(start, limitFaults.numberLength);
    }
    if (word === undefined || !/^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/.test(word)) {
      this.#position = start;
      throw this.#unexpected("a value");
    }
    return /^-?\d+$/.test(word) ? toExactInteger(word) : Number(word);
  }

  #takes(character: string): boolean {
    this.#skipBlanks();
    if (this.text[this.#position] !== character) return false;
    this.#position++;
    return true;
  }

  #skipBlanks(): void {
    this.#find(/[ \t\r\n]+/y);
  }

  /** What a pattern finds - a sticky one here, a global one from here on - consumed. */
  #find(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.#position = pattern.lastIndex;
    return found;
  }

  #unexpected(wanted: string): DocumentError {
    const found = this.text.codePointAt(this.#position);
    const what = found === undefined ? "the end of the input" : quote(String.fromCodePoint(found));
    return this.#fault(this.#position, `${what} where ${wanted} should be`);
  }

  #fault(position: number, fault: string): DocumentError {
    return faultAt(this.text, position, fault);
  }
}

/** A fault at a position of a document's text: its line and its column come first. */
export function faultAt(text: string, position: number, fault: string): DocumentError {
  const { line, column } = findPlace(text, position);
  return new DocumentError(`line ${line}, column ${column}: ${fault}`);
}

/** The line and the column of a position of text, both from 1. */
export function findPlace(text: string, position: number): { readonly line: number; readonly column: number } {
  let line = 1;
  let start = 0;
  for (let end = text.indexOf("\n"); end >= 0 && end < position; end = text.indexOf("\n", start)) {
    line++;
    start = end + 1;
  }
  return { line, column: position - start + 1 };
}

export function duplicateKey(key: string): string {
  return `duplicate key ${quote(key)}`;
}

/** An integer of the form that Number and BigInt both read: a bigint where a double does not hold it. */
export function toExactInteger(digits: string): number | bigint {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : BigInt(digits);
}

/** A value in a message, where text looks different from a number: `the text "80"`. */
export function describeValue(value: JsonValue): string {
  if (typeof value === "string") return `the text ${quote(value)}`;
  if (isList(value)) return "a list";
  return isObject(value) ? "an object" : String(value);
}

const QUOTED_LENGTH = 40;

/** Text of a document in a message: short, and harmless for a terminal. */
export function quote(text: string): string {
  const short = text.length > QUOTED_LENGTH ? `${text.slice(0, QUOTED_LENGTH)}...` : text;
  return JSON.stringify(short).replace(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

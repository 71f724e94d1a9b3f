import { isUtf8 } from "node:buffer";
import { DocumentError } from "./document-error.js";

/**
 * What JSON text says. An integer that a double cannot hold is a bigint; an object has no prototype, so that no key of a
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

/** Deeper than any document of ours, and far from the end of the stack. */
const DEPTH_LIMIT = 32;

/** Parses UTF-8 JSON text. Throws a DocumentError with line and column. */
export function parseJsonBytes(bytes: Uint8Array): JsonValue {
  if (!isUtf8(bytes)) throw new DocumentError(`line ${firstInvalidLine(bytes)}: invalid UTF-8`);
  return new Parser(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)).document();
}

function firstInvalidLine(bytes: Uint8Array): number {
  let line = 1;
  for (let start = 0; ; line++) {
    const end = bytes.indexOf(0x0a, start);
    if (end === -1 || !isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
}

/** A strict parser (RFC 8259), for what JSON.parse does not tell: duplicate keys, long integers, the place of a fault. */
class Parser {
  #position = 0;

  constructor(private readonly text: string) {}

  document(): JsonValue {
    const value = this.#value(0);
    this.#skipBlanks();
    if (this.#position < this.text.length) throw this.#unexpected("the end of the document");
    return value;
  }

  #value(depth: number): JsonValue {
    if (depth > DEPTH_LIMIT) throw this.#fault(this.#position, `nested more than ${DEPTH_LIMIT} deep`);
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
    this.#position++;
    if (this.#takes("}")) return object;
    do {
      this.#skipBlanks();
      const start = this.#position;
      if (this.text[start] !== '"') throw this.#unexpected("a name in double quotes");
      const key = this.#string();
      if (key in object) throw this.#fault(start, `duplicate key ${quote(key)}`);
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
    if (word === undefined || !/^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/.test(word)) {
      this.#position = start;
      throw this.#unexpected("a value");
    }
    const number = Number(word);
    return /^-?\d+$/.test(word) && !Number.isSafeInteger(number) ? BigInt(word) : number;
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
    const lines = this.text.slice(0, position).split("\n");
    return new DocumentError(`line ${lines.length}, column ${(lines.at(-1) ?? "").length + 1}: ${fault}`);
  }
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

/** Kinds of JSON values. Of one declaration come the schema, the check of what is read, and what is written. */
import { fromByteString, toByteString } from "./byte-text.js";
import { faultAt } from "./document-error.js";
import { type JsonObject, type JsonValue, quote } from "./parse-json.js";

export interface Kind<T> {
  /** As JSON Schema 2020-12. */
  readonly schema: JsonObject;
  /** For the reference page: `integer, 0 to 255`. */
  readonly name: string;
  /** The objects of which values consist. */
  readonly objects?: readonly ObjectDescription[];
  /** The value, checked. Throws a DocumentError that names the path. */
  read(value: JsonValue, path: string): T;
  /** The value as JSON, with or without what the kernel measures. */
  write(value: T, measured: boolean): JsonValue;
}

/** An object as the reference page tells of it. */
export interface ObjectDescription {
  /** What it is, for messages too: `a real server`. */
  readonly title: string;
  readonly fields: Readonly<Record<string, FieldDescription>>;
}

export interface FieldDescription {
  readonly kind: Kind<unknown>;
  /** `sometimes`: absent where it does not apply or is not known. */
  readonly presence: "always" | "sometimes";
  readonly description: string;
  /** What an absent field stands for. */
  readonly fallback?: unknown;
  /** The kernel tells it, and nobody sets it: checked in what is read, and left out. */
  readonly measured: boolean;
}

export type ValueOf<K> = K extends Kind<infer T> ? T : never;

/** Whole numbers that a double holds. */
export function integer(minimum: number, maximum: number): Kind<number> {
  return {
    schema: { type: "integer", minimum, maximum },
    name: `integer, ${minimum} to ${maximum}`,
    read(value, path) {
      if (Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum) {
        // Not -0.
        return (value as number) + 0;
      }
      throw faultAt(path, `must be an integer from ${minimum} to ${maximum}`);
    },
    write: (value) => value,
  };
}

const LARGEST_COUNTER = 2n ** 64n - 1n;

/** Unsigned 64-bit numbers, written with all their digits. */
export const counter: Kind<bigint> = {
  schema: { type: "integer", minimum: 0, maximum: LARGEST_COUNTER },
  name: "integer, 64-bit",
  read(value, path) {
    if ((typeof value === "number" && Number.isInteger(value)) || typeof value === "bigint") {
      const number = BigInt(value);
      if (number >= 0n && number <= LARGEST_COUNTER) return number;
    }
    throw faultAt(path, `must be an integer from 0 to ${LARGEST_COUNTER}`);
  },
  write: (value) => value,
};

export const flag: Kind<boolean> = {
  schema: { type: "boolean" },
  name: "boolean",
  read(value, path) {
    if (typeof value === "boolean") return value;
    throw faultAt(path, "must be true or false");
  },
  write: (value) => value,
};

/** Text of at most `longest` bytes that matches `pattern`, which has the flag u; a byte string in the model. */
export function text(what: string, longest = Number.POSITIVE_INFINITY, pattern?: RegExp): Kind<string> {
  return {
    schema: {
      type: "string",
      ...(pattern && { pattern: pattern.source }),
      ...(Number.isFinite(longest) && { maxLength: longest }),
    },
    name: what,
    read(value, path) {
      const bytes = typeof value === "string" && (pattern?.test(value) ?? true) ? toByteString(value) : undefined;
      if (bytes !== undefined && bytes.length <= longest) return bytes;
      throw faultAt(path, `must be ${what} of at most ${longest} bytes`);
    },
    write: (value) => fromByteString(value),
  };
}

/** One of some names, or of some numbers. */
export function oneOf<const T extends string | number>(...names: readonly T[]): Kind<T> {
  const listed = names.map((name) => JSON.stringify(name)).join(", ");
  return {
    schema: names.length === 1 ? { const: names[0] ?? null } : { enum: names },
    name: listed,
    read(value, path) {
      const found = names.find((name) => name === value);
      if (found !== undefined) return found;
      const shown = typeof value === "string" ? `, not ${quote(value)}` : "";
      throw faultAt(path, `must be ${names.length === 1 ? "" : "one of "}${listed}${shown}`);
    },
    write: (value) => value,
  };
}

export function listOf<T>(kind: Kind<T>, longest?: number): Kind<readonly T[]> {
  return {
    schema: { type: "array", items: kind.schema, ...(longest === undefined ? {} : { maxItems: longest }) },
    name: `list of ${kind.name}`,
    objects: kind.objects ?? [],
    read(value, path) {
      if (!isList(value)) throw faultAt(path, "must be a list");
      if (longest !== undefined && value.length > longest) throw faultAt(path, `has more than ${longest} values`);
      return value.map((element, index) => kind.read(element, `${path}[${index}]`));
    },
    write: (values, measured) => values.map((value) => kind.write(value, measured)),
  };
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

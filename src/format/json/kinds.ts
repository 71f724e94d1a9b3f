/** Kinds of JSON values. One declaration gives the schema, the check of what is read, and what is written. */
import { decodeByteString, encodeByteString } from "./byte-text.js";
import { suggestWord } from "./candidates.js";
import { DocumentError } from "./document-error.js";
import { describeValue, isList, type JsonObject, type JsonValue, quote } from "./parse-json.js";

/** `Read` is what reading gives, `Source` what writing takes: both in the names and values of the model. */
export interface Kind<Read, Source = Read> {
  /** As JSON Schema 2020-12. */
  schema(): JsonObject;
  /** For the reference page: `integer, 0 to 255`. */
  readonly name: string;
  /** The objects that values consist of. */
  readonly objects?: readonly ObjectDescription[];
  /** The value, checked. Throws a DocumentError that names the path. */
  read(value: JsonValue, path: string): Read;
  /** The value as JSON, with or without what the kernel measures. */
  write(source: Source, measured: boolean): JsonValue;
}

/** An object as the reference page describes it. */
export interface ObjectDescription {
  /** What it is, for messages too: `a real server`. */
  readonly title: string;
  readonly members: readonly Member[];
}

/** A field of an object, with both of its names. */
export interface Member extends Omit<FieldDescription, "name" | "from"> {
  /** In the model. */
  readonly key: string;
  /** In JSON. */
  readonly name: string;
  readonly from: ((model: never) => unknown) | undefined;
}

export interface FieldDescription {
  readonly kind: Kind<unknown>;
  /** `sometimes`: absent where it does not apply or is not known. */
  readonly presence: "always" | "sometimes";
  readonly description: string;
  /** What an absent field stands for. */
  readonly fallback?: unknown;
  /** The kernel reports it, and nobody sets it: checked in what is read, and left out. */
  readonly measured: boolean;
  /** Its name in JSON, where that is not the key in snake case. */
  readonly name?: string;
  /** Takes its value from the model; without it the value is the member that the key names. */
  readonly from?: (model: never) => unknown;
  /** The field that says the same in another form, by its name in JSON. */
  readonly alternative?: string | undefined;
  /** What 0 means where it is no number: `no limit`. */
  readonly zero?: string | undefined;
  /** How a metric counts it. */
  readonly metric?: "counter" | "gauge" | undefined;
  /** What a metric counts: `packets`. */
  readonly unit?: string | undefined;
}

/** Whole numbers that a double holds. */
export function integer(minimum: number, maximum: number): Kind<number> {
  return {
    schema: () => ({ type: "integer", minimum, maximum }),
    name: `integer, ${minimum} to ${maximum}`,
    read(value, path) {
      if (Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum) {
        // Not -0.
        return (value as number) + 0;
      }
      throw new DocumentError(`must be an integer from ${minimum} to ${maximum}, not ${describeValue(value)}`, path);
    },
    write: (value) => value,
  };
}

const LARGEST_COUNTER = 2n ** 64n - 1n;

/** Unsigned 64-bit numbers, written with all their digits. */
export const counter: Kind<bigint> = {
  schema: () => ({ type: "integer", minimum: 0, maximum: LARGEST_COUNTER }),
  name: "integer, 64-bit",
  read(value, path) {
    if ((typeof value === "number" && Number.isInteger(value)) || typeof value === "bigint") {
      const number = BigInt(value);
      if (number >= 0n && number <= LARGEST_COUNTER) return number;
    }
    throw new DocumentError(`must be an integer from 0 to ${LARGEST_COUNTER}, not ${describeValue(value)}`, path);
  },
  write: (value) => value,
};

export const flag: Kind<boolean> = {
  schema: () => ({ type: "boolean" }),
  name: "boolean",
  read(value, path) {
    if (typeof value === "boolean") return value;
    throw new DocumentError(`must be true or false, not ${describeValue(value)}`, path);
  },
  write: (value) => value,
};

/** Text of at most `longest` bytes that matches `pattern`, which has the flag u; a byte string in the model. */
export function text(what: string, longest = Number.POSITIVE_INFINITY, pattern?: RegExp): Kind<string> {
  return {
    schema: () => ({
      type: "string",
      ...(pattern && { pattern: pattern.source }),
      ...(Number.isFinite(longest) && { maxLength: longest }),
    }),
    name: what,
    read(value, path) {
      const bytes = typeof value === "string" && (pattern?.test(value) ?? true) ? encodeByteString(value) : undefined;
      if (bytes !== undefined && bytes.length <= longest) return bytes;
      const isLong = bytes !== undefined && bytes.length > longest;
      throw new DocumentError(
        isLong ? `must be ${what} of at most ${longest} bytes` : `must be ${what}, not ${describeValue(value)}`,
        path,
      );
    },
    write: (value) => decodeByteString(value),
  };
}

/** Text that is Unicode in the model too. */
export function unicode(what: string): Kind<string> {
  const bytes = text(what);
  return {
    ...bytes,
    read(value, path) {
      bytes.read(value, path);
      return value as string;
    },
    write: (value) => value,
  };
}

/** One of some names, or of some numbers. */
export function oneOf<const T extends string | number>(...names: readonly T[]): Kind<T> {
  const listed = names.map((name) => JSON.stringify(name)).join(", ");
  return {
    schema: () => (names.length === 1 ? { const: names[0] ?? null } : { enum: names }),
    name: listed,
    read(value, path) {
      const found = names.find((name) => name === value);
      if (found !== undefined) return found;
      const shown = typeof value === "string" ? quote(value) : describeValue(value);
      const words = names.map(String);
      const meant = typeof value === "string" ? suggestWord(value, words) : "";
      throw new DocumentError(`must be ${names.length === 1 ? "" : "one of "}${listed}, not ${shown}${meant}`, path);
    },
    write: (value) => value,
  };
}

export function listOf<Read, Source>(
  kind: Kind<Read, Source>,
  longest?: number,
): Kind<readonly Read[], readonly Source[]> {
  return {
    schema: () => ({ type: "array", items: kind.schema(), ...(longest === undefined ? {} : { maxItems: longest }) }),
    name: `list of ${kind.name}`,
    objects: kind.objects ?? [],
    read(value, path) {
      if (!isList(value)) throw new DocumentError(`must be a list, not ${describeValue(value)}`, path);
      if (longest !== undefined && value.length > longest) {
        throw new DocumentError(`has more than ${longest} values`, path);
      }
      return value.map((element, index) => kind.read(element, `${path}[${index}]`));
    },
    write: (values, measured) => values.map((value) => kind.write(value, measured)),
  };
}

/** Values that are written as they are taken. */
export function* writeEach<Source>(
  kind: Kind<unknown, Source>,
  values: Iterable<Source>,
  measured: boolean,
): Generator<JsonValue> {
  for (const value of values) yield kind.write(value, measured);
}

/** A kind whose values have another form in the model. */
export function codec<Read, Source, ModelRead, ModelSource>(
  kind: Kind<Read, Source>,
  toModel: (read: NoInfer<Read>) => ModelRead,
  fromModel: (source: ModelSource) => NoInfer<Source>,
): Kind<ModelRead, ModelSource> {
  return {
    ...kind,
    read: (value, path) => toModel(kind.read(value, path)),
    write: (source, measured) => kind.write(fromModel(source), measured),
  };
}

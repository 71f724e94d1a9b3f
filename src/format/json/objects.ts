import { faultAt } from "./document-error.js";
import type { FieldDescription, Kind, ObjectDescription } from "./kinds.js";
import { type JsonObject, type JsonValue, quote } from "./parse-json.js";

/** A field of an object, as the document has it. */
export interface Field<T, Presence extends "always" | "sometimes"> extends FieldDescription {
  readonly kind: Kind<T>;
  readonly presence: Presence;
  readonly fallback?: T;
}

type Fields = ObjectDescription["fields"];

/** The value of an object with these fields. */
export type ObjectOf<F extends Fields> = {
  readonly [K in keyof F as F[K]["presence"] extends "always" ? K : never]: FieldValue<F[K]>;
} & {
  readonly [K in keyof F as F[K]["presence"] extends "always" ? never : K]?: FieldValue<F[K]> | undefined;
};

type FieldValue<F> = F extends Field<infer T, "always" | "sometimes"> ? T : never;

/** A field that every object has. */
export function required<T>(kind: Kind<T>, description: string): Field<T, "always"> {
  return { kind, presence: "always", description, measured: false };
}

/** A field that is absent where it does not apply or is not known. */
export function optional<T>(kind: Kind<T>, description: string): Field<T, "sometimes"> {
  return { kind, presence: "sometimes", description, measured: false };
}

/** A field that is always written and may be left out of what is read. */
export function defaulted<T>(kind: Kind<T>, fallback: T, description: string): Field<T, "always"> {
  return { kind, presence: "always", description, fallback, measured: false };
}

/** A field that the kernel measures. */
export function measured<T>(kind: Kind<T>, description: string): Field<T, "sometimes"> {
  return { kind, presence: "sometimes", description, measured: true };
}

export interface ObjectKind<T> extends Kind<T>, ObjectDescription {
  readonly objects: readonly ObjectDescription[];
}

/** An object with these fields and no others. */
export function object<F extends Fields>(title: string, fields: F): ObjectKind<ObjectOf<F>> {
  const entries = Object.entries(fields);
  return {
    title,
    fields,
    name: title.replace(/^(a|an|the) /, ""),
    objects: [{ title, fields }],
    schema: {
      type: "object",
      title,
      properties: Object.fromEntries(entries.map(([name, field]) => [name, fieldSchema(field)])),
      required: entries
        .filter(([, { presence, fallback }]) => presence === "always" && fallback === undefined)
        .map(([name]) => name),
      additionalProperties: false,
    },
    read(value, path) {
      if (!isObject(value)) throw faultAt(path, `must be an object: ${title}`);
      const unknown = Object.keys(value).find((key) => !Object.hasOwn(fields, key));
      if (unknown !== undefined) throw faultAt(memberPath(path, unknown), `is no field of ${title}`);
      const object: Record<string, unknown> = {};
      for (const [name, field] of entries) {
        const given = value[name];
        if (given !== undefined) {
          const read = field.kind.read(given, memberPath(path, name));
          if (!field.measured) object[name] = read;
        } else if (field.fallback !== undefined) object[name] = field.fallback;
        else if (field.presence === "always") throw faultAt(memberPath(path, name), "is missing");
      }
      return object as ObjectOf<F>;
    },
    write(value, withMeasured) {
      const object: Record<string, JsonValue> = {};
      for (const [name, field] of entries) {
        const given = (value as Readonly<Record<string, unknown>>)[name];
        if (given !== undefined && (withMeasured || !field.measured))
          object[name] = field.kind.write(given, withMeasured);
      }
      return object;
    },
  };
}

/** One of two objects: the one whose key this is where the value has the key, else the other. */
export function eitherBy<A, B>(key: string, present: ObjectKind<A>, absent: ObjectKind<B>): Kind<A | B> {
  const kindOf = (value: unknown) =>
    (isObject(value) && Object.hasOwn(value, key) ? present : absent) as ObjectKind<A | B>;
  return {
    name: `${absent.name}, or ${present.name}`,
    objects: [...absent.objects, ...present.objects],
    schema: { oneOf: [present.schema, absent.schema] },
    read: (value, path) => kindOf(value).read(value, path),
    write: (value, withMeasured) => kindOf(value).write(value, withMeasured),
  };
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function memberPath(path: string, name: string): string {
  if (!/^\w{1,40}$/.test(name)) return `${path}[${quote(name)}]`;
  return path === "" ? name : `${path}.${name}`;
}

function fieldSchema({ kind, description, fallback, measured }: FieldDescription): JsonObject {
  return {
    ...kind.schema,
    description,
    ...(fallback === undefined ? {} : { default: fallback as JsonValue }),
    ...(measured ? { readOnly: true } : {}),
  };
}

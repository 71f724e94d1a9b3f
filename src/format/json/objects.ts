/** Objects, declared under the names of the model: `upperThreshold` is `upper_threshold` in JSON. */
import { suggestWord } from "./candidates.js";
import { DocumentError } from "./document-error.js";
import type { FieldDescription, Kind, Member, ObjectDescription } from "./kinds.js";
import { describeValue, isObject, type JsonObject, type JsonValue, quote } from "./parse-json.js";

type Presence = "always" | "sometimes";

/** A field of an object. `Model` is what `from` takes it from; never: it is simply a member of the model. */
export interface Field<Read, P extends Presence, Source = Read, Model = never> extends FieldDescription {
  readonly kind: Kind<Read, Source>;
  readonly presence: P;
  readonly fallback?: Read;
  readonly from?: (model: Model) => Source | undefined;
}

export type Fields = Readonly<Record<string, FieldDescription>>;

/** What reading an object with these fields gives, under the names of the model. What is measured is not in it. */
export type ReadOf<F extends Fields> = {
  readonly [K in keyof F as F[K]["presence"] extends "always" ? K : never]: FieldRead<F[K]>;
} & {
  readonly [K in keyof F as F[K]["presence"] extends "always" ? never : K]?: FieldRead<F[K]>;
};

type FieldRead<F> = F extends { readonly kind: { read(value: JsonValue, path: string): infer Read } } ? Read : never;

/** What an object with these fields is written from. What is absent or undefined is left out. */
export type SourceOf<F extends Fields> = {
  readonly [K in keyof F as IsMember<F[K]> extends true ? K : never]?: FieldSource<F[K]> | undefined;
} & ModelOf<F>;

type IsMember<F> =
  F extends Field<unknown, Presence, unknown, infer Model> ? ([Model] extends [never] ? true : false) : false;

type FieldSource<F> = F extends { readonly kind: { write(source: infer Source, measured: boolean): JsonValue } }
  ? Source
  : never;

/** Everything that some field takes its value from. */
type ModelOf<F extends Fields> = {
  [K in keyof F]: IsMember<F[K]> extends true
    ? (model: unknown) => void
    : F[K] extends { readonly from?: (model: infer Model) => unknown }
      ? (model: Model) => void
      : never;
}[keyof F] extends (model: infer Models) => void
  ? Models
  : never;

/** What a field has besides kind and description. */
type FieldOptions<Source, Model> = Pick<FieldDescription, "name" | "alternative" | "zero" | "metric" | "unit"> & {
  readonly from?: (model: Model) => NoInfer<Source> | undefined;
};

/** A field that every object has. */
export function required<Read, Source, Model = never>(
  kind: Kind<Read, Source>,
  description: string,
  options?: FieldOptions<Source, Model>,
): Field<Read, "always", Source, Model> {
  return { kind, presence: "always", description, measured: false, ...options };
}

/** A field that is absent where it does not apply or is not known. */
export function optional<Read, Source, Model = never>(
  kind: Kind<Read, Source>,
  description: string,
  options?: FieldOptions<Source, Model>,
): Field<Read, "sometimes", Source, Model> {
  return { kind, presence: "sometimes", description, measured: false, ...options };
}

/** A field that is always written and may be left out of what is read. */
export function defaulted<Read, Source, Model = never>(
  kind: Kind<Read, Source>,
  fallback: NoInfer<Read>,
  description: string,
  options?: FieldOptions<Source, Model>,
): Field<Read, "always", Source, Model> {
  return { kind, presence: "always", description, fallback, measured: false, ...options };
}

/** A field that the kernel measures. */
export function measured<Read, Source, Model = never>(
  kind: Kind<Read, Source>,
  description: string,
  options?: FieldOptions<Source, Model>,
): Field<Read, "sometimes", Source, Model> {
  return { kind, presence: "sometimes", description, measured: true, ...options };
}

/** A kind of which every value is an object. */
export interface RecordKind<Read, Source> extends Kind<Read, Source> {
  write(source: Source, measured: boolean): JsonObject;
}

export interface ObjectKind<F extends Fields> extends RecordKind<ReadOf<F>, SourceOf<F>>, ObjectDescription {
  readonly objects: readonly ObjectDescription[];
  readonly fields: F;
}

/** An object with these fields and no others. */
export function object<F extends Fields>(title: string, fields: F): ObjectKind<F> {
  const members = Object.entries(fields).map(([key, field]) => toMember(key, field));
  const configured = members.filter(({ measured }) => !measured);
  const names = new Set(members.map(({ name }) => name));
  return {
    title,
    fields,
    members,
    name: title.replace(/^(a|an|the) /, ""),
    objects: [{ title, members }],
    schema: () => ({
      type: "object",
      title,
      properties: Object.fromEntries(members.map((member) => [member.name, memberSchema(member)])),
      required: members
        .filter(({ presence, fallback }) => presence === "always" && fallback === undefined)
        .map(({ name }) => name),
      additionalProperties: false,
    }),
    read(value, path) {
      if (!isObject(value)) throw notAnObject(title, members, value, path);
      const unknown = Object.keys(value).find((name) => !names.has(name));
      if (unknown !== undefined) {
        const meant = suggestWord(unknown, [...names]);
        throw new DocumentError(`unknown field of ${title}${meant}`, strangePath(path, unknown));
      }
      const object: Record<string, unknown> = {};
      for (const { key, name, kind, presence, fallback, measured } of members) {
        const given = value[name];
        if (given !== undefined) {
          const read = kind.read(given, joinPath(path, name));
          if (!measured) object[key] = read;
        } else if (fallback !== undefined) object[key] = fallback;
        else if (presence === "always") throw new DocumentError("is missing", joinPath(path, name));
      }
      return object as ReadOf<F>;
    },
    write(source, withMeasured) {
      const object: Record<string, JsonValue> = {};
      for (const { key, name, kind, from } of withMeasured ? members : configured) {
        const value = from ? from(source as never) : (source as Readonly<Record<string, unknown>>)[key];
        if (value !== undefined) object[name] = kind.write(value, withMeasured);
      }
      return object;
    },
  };
}

/** One of two objects: `present` where the value has the key, else `absent`. */
export function eitherBy<A extends Fields, B extends Fields>(
  key: string,
  present: ObjectKind<A>,
  absent: ObjectKind<B>,
): RecordKind<ReadOf<A> | ReadOf<B>, SourceOf<A> | SourceOf<B>> {
  const kindOf = (value: unknown) =>
    (isObject(value) && Object.hasOwn(value, key) ? present : absent) as RecordKind<ReadOf<A> | ReadOf<B>, unknown>;
  return {
    name: `${absent.name}, or ${present.name}`,
    objects: [...absent.objects, ...present.objects],
    schema: () => ({ oneOf: [present.schema(), absent.schema()] }),
    read: (value, path) => kindOf(value).read(value, path),
    write: (source, withMeasured) => kindOf(source).write(source, withMeasured),
  };
}

/** A number where there should be an object is likely to be the timeout in it, as on a command line. */
function notAnObject(title: string, members: readonly Member[], value: JsonValue, path: string): DocumentError {
  const isTimeout = typeof value === "number" && members.some(({ name }) => name === "timeout");
  const example = isTimeout ? `, such as {timeout: ${value}}` : `, not ${describeValue(value)}`;
  return new DocumentError(`must be an object: ${title}${example}`, path);
}

/** Every member has the same properties in the same order, which makes reading and writing objects fast. */
function toMember(key: string, field: FieldDescription): Member {
  const { kind, presence, description, fallback, measured, from, alternative, zero, metric, unit } = field;
  const name = field.name ?? key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return { key, name, kind, measured, from, presence, fallback, description, alternative, zero, metric, unit };
}

function joinPath(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** Like joinPath, for a name that may be anything. */
function strangePath(path: string, name: string): string {
  return /^\w{1,40}$/.test(name) ? joinPath(path, name) : `${path}[${quote(name)}]`;
}

function memberSchema({ kind, description, fallback, measured }: Member): JsonObject {
  return {
    ...kind.schema(),
    description,
    ...(fallback === undefined ? {} : { default: fallback as JsonValue }),
    ...(measured ? { readOnly: true } : {}),
  };
}

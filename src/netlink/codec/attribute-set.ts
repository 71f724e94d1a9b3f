import { align } from "./align.js";
import { type Coder, HOST_LITTLE_ENDIAN } from "./coders.js";
import { malformed } from "./netlink-error.js";

/** Length of struct nlattr: length and type, 16 bits each. */
export const NLA_HEADER_LENGTH = 4;
const NLA_F_NESTED = 0x8000;
/** Without NLA_F_NESTED and NLA_F_NET_BYTEORDER. */
export const NLA_TYPE_MASK = 0x3fff;

type AttributeEntry = readonly [type: number, coder: Coder<unknown>];
type AttributeGroup = AttributeSet<Readonly<Record<string, AttributeEntry>>>;

/**
 * Name, number and type of each attribute, in the order in which they are sent. A set in place of number and type is a
 * group: a record of its own among the values, whose attributes stand among the others on the wire.
 */
export type Declaration = Readonly<Record<string, AttributeEntry | AttributeGroup>>;

/** The values of an attribute set to send: what is absent is not sent. */
export type Sent<D extends Declaration> = {
  readonly [Name in keyof D]?: SentAs<D[Name]> | undefined;
};
type SentAs<E> =
  E extends AttributeSet<infer D> ? Sent<D> : E extends readonly [number, Coder<infer V, unknown>] ? V : never;

/** The values of an attribute set that were received: what was not sent is absent. */
export type Values<D extends Declaration> = {
  readonly [Name in keyof D]?: ReceivedAs<D[Name]> | undefined;
};
type ReceivedAs<E> =
  E extends AttributeSet<infer D> ? Values<D> : E extends readonly [number, Coder<never, infer V>] ? V : never;

export interface Attribute {
  readonly name: string;
  /** Absent from a group. */
  readonly type: number | undefined;
  readonly coder: Coder<unknown>;
}

interface Place extends Attribute {
  /** The name of the group that it belongs to. */
  readonly group: string | undefined;
}

/** A set of attributes, declared once; as a coder it is also the type of an attribute that nests the set. */
export class AttributeSet<D extends Declaration> implements Coder<Sent<D>, Values<D>> {
  readonly nested = true;
  readonly #declaration: D;
  // Both are made when the set is first used: every start declares all sets, and uses a few.
  #attributes: readonly Attribute[] | undefined;
  #byType: readonly (Place | undefined)[] | undefined;

  constructor(declaration: D) {
    this.#declaration = declaration;
  }

  /** In the order in which they are sent. */
  get attributes(): readonly Attribute[] {
    this.#attributes ??= listAttributes(this.#declaration);
    return this.#attributes;
  }

  write(view: DataView, offset: number, values: Sent<D>): number {
    let start = offset;
    for (const { name, type, coder } of this.attributes) {
      const value = values[name];
      if (value === undefined) continue;
      if (type === undefined) {
        start = coder.write(view, start, value);
        continue;
      }
      const end = coder.write(view, start + NLA_HEADER_LENGTH, value);
      view.setUint16(start, end - start, HOST_LITTLE_ENDIAN);
      view.setUint16(start + 2, coder.nested ? type | NLA_F_NESTED : type, HOST_LITTLE_ENDIAN);
      start = align(end);
      for (let padding = end; padding < start; padding++) view.setUint8(padding, 0);
    }
    return start;
  }

  /** Skips attributes that are not declared. Rejects the whole set with EBADMSG if one is malformed. */
  read(view: DataView, offset: number, length: number): Values<D> {
    this.#byType ??= indexByType(this.attributes);
    const values: Record<string, unknown> = {};
    const end = offset + length;
    for (let start = offset; start < end; ) {
      if (end - start < NLA_HEADER_LENGTH) throw malformed(`${end - start} bytes where an attribute should begin`);
      const size = view.getUint16(start, HOST_LITTLE_ENDIAN);
      if (size < NLA_HEADER_LENGTH || size > end - start) {
        throw malformed(`an attribute of length ${size} with ${end - start} bytes left`);
      }
      const place = this.#byType[view.getUint16(start + 2, HOST_LITTLE_ENDIAN) & NLA_TYPE_MASK];
      if (place !== undefined) {
        const { name, group, coder } = place;
        let record = values;
        if (group !== undefined) values[group] = record = (values[group] ?? {}) as Record<string, unknown>;
        record[name] = coder.read(view, start + NLA_HEADER_LENGTH, size - NLA_HEADER_LENGTH);
      }
      start += align(size);
    }
    return values as Values<D>;
  }
}

function listAttributes(declaration: Declaration): Attribute[] {
  const attributes: Attribute[] = [];
  for (const [name, entry] of Object.entries(declaration)) {
    const [type, coder] = entry instanceof AttributeSet ? [undefined, entry] : entry;
    attributes.push({ name, type, coder });
  }
  return attributes;
}

function indexByType(attributes: readonly Attribute[]): (Place | undefined)[] {
  const index: (Place | undefined)[] = [];
  for (const { name, type, coder } of attributes) {
    if (type !== undefined) index[type] = { name, type, coder, group: undefined };
    if (type !== undefined || !(coder instanceof AttributeSet)) continue;
    for (const member of coder.attributes)
      if (member.type !== undefined) index[member.type] = { ...member, group: name };
  }
  return index;
}

/** A nested set that is received as a function that reads it, since it may never be needed. The function aliases the view. */
export function deferred<D extends Declaration>(set: AttributeSet<D>): Coder<Sent<D>, () => Values<D>> {
  return {
    nested: true,
    write: (view, offset, values) => set.write(view, offset, values),
    read: (view, offset, length) => () => set.read(view, offset, length),
  };
}

/** The value of an attribute that the kernel always sends. Throws a NetlinkError EBADMSG where it is missing. */
export function expectAttribute<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw malformed(`no ${name}`);
  return value;
}

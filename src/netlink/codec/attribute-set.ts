import { align } from "./align.js";
import { type Coder, HOST_LITTLE_ENDIAN } from "./coders.js";
import { malformed } from "./netlink-error.js";

const NLA_HEADER_LENGTH = 4;
const NLA_F_NESTED = 0x8000;
/** Without NLA_F_NESTED and NLA_F_NET_BYTEORDER. */
const NLA_TYPE_MASK = 0x3fff;

/** Name, number and type of each attribute, in the order in which they are sent. */
export type Declaration = Readonly<Record<string, readonly [type: number, coder: Coder<unknown>]>>;

/** The values of an attribute set: what is absent is not sent, what did not come is absent. */
export type Values<D extends Declaration> = {
  [Name in keyof D]?: (D[Name][1] extends Coder<infer Value> ? Value : never) | undefined;
};

interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly coder: Coder<unknown>;
}

/** A set of attributes, declared once; as a coder it is also the type of an attribute that nests the set. */
export class AttributeSet<D extends Declaration> implements Coder<Values<D>> {
  readonly nested = true;
  readonly #declaration: D;
  /** Both are made when the set is first used: every start declares all sets, and uses a few. */
  #inOrder: readonly Attribute[] | undefined;
  #byType: readonly (Attribute | undefined)[] | undefined;

  constructor(declaration: D) {
    this.#declaration = declaration;
  }

  write(view: DataView, offset: number, values: Values<D>): number {
    this.#inOrder ??= listAttributes(this.#declaration);
    let start = offset;
    for (const { name, type, coder } of this.#inOrder) {
      const value = values[name];
      if (value === undefined) continue;
      const end = coder.write(view, start + NLA_HEADER_LENGTH, value);
      view.setUint16(start, end - start, HOST_LITTLE_ENDIAN);
      view.setUint16(start + 2, coder.nested ? type | NLA_F_NESTED : type, HOST_LITTLE_ENDIAN);
      start = align(end);
      for (let padding = end; padding < start; padding++) view.setUint8(padding, 0);
    }
    return start;
  }

  /** Attributes that are not declared are skipped; one that does not fit rejects the whole with EBADMSG. */
  read(view: DataView, offset: number, length: number): Values<D> {
    this.#byType ??= indexByType(listAttributes(this.#declaration));
    const values: Record<string, unknown> = {};
    const end = offset + length;
    for (let start = offset; start < end; ) {
      if (end - start < NLA_HEADER_LENGTH) throw malformed(`${end - start} bytes where an attribute should begin`);
      const size = view.getUint16(start, HOST_LITTLE_ENDIAN);
      if (size < NLA_HEADER_LENGTH || size > end - start) {
        throw malformed(`an attribute of length ${size} with ${end - start} bytes left`);
      }
      const attribute = this.#byType[view.getUint16(start + 2, HOST_LITTLE_ENDIAN) & NLA_TYPE_MASK];
      if (attribute !== undefined) {
        values[attribute.name] = attribute.coder.read(view, start + NLA_HEADER_LENGTH, size - NLA_HEADER_LENGTH);
      }
      start += align(size);
    }
    return values as Values<D>;
  }
}

function listAttributes(declaration: Declaration): Attribute[] {
  const attributes: Attribute[] = [];
  for (const [name, [type, coder]] of Object.entries(declaration)) attributes.push({ name, type, coder });
  return attributes;
}

function indexByType(attributes: readonly Attribute[]): (Attribute | undefined)[] {
  const index: (Attribute | undefined)[] = [];
  for (const attribute of attributes) index[attribute.type] = attribute;
  return index;
}

/** A nested set whose attributes are read when they are asked for. What it reads aliases the view. */
export function deferred<D extends Declaration>(set: AttributeSet<D>): Coder<() => Values<D>> {
  return {
    nested: true,
    write: (view, offset, values) => set.write(view, offset, values()),
    read: (view, offset, length) => () => set.read(view, offset, length),
  };
}

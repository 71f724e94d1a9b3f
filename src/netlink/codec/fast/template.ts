/** A shortcut for `AttributeSet.write`: what has been encoded is turned into what resembles it. */
import { align } from "../align.js";
import { AttributeSet, type Declaration, NLA_HEADER_LENGTH, type Sent } from "../attribute-set.js";
import { type Coder, HOST_LITTLE_ENDIAN } from "../coders.js";

/** An attribute and its place in the encoding. */
interface Slot {
  readonly name: string;
  readonly coder: Coder<unknown>;
  /** Of an attribute that is there and nests a set. */
  readonly nested: Template | undefined;
  /** Where the payload begins and ends, without padding: bytes from the beginning of the set. */
  readonly start: number;
  readonly end: number;
  /** The value that was encoded last. */
  value: unknown;
}

/** In place of a record: no record is the same. */
const forgotten = {};

/**
 * What an encoded attribute set consists of, to encode others like it. All of it follows from the set's declaration: an
 * attribute whose value is not the last one is written over by its own coder.
 */
export class Template {
  readonly #slots: Slot[] = [];
  /** Of the whole encoding, bytes. */
  readonly length: number;

  /** Of values and their encoding at the offset. They must not change before `forgetRecords`. */
  constructor(set: AttributeSet<Declaration>, values: Sent<Declaration>, view: DataView, offset: number) {
    let start = 0;
    for (const { name, type, coder } of set.attributes) {
      const value: unknown = values[name];
      const header = type === undefined ? 0 : NLA_HEADER_LENGTH;
      const nested =
        value !== undefined && coder instanceof AttributeSet
          ? new Template(coder, value as Sent<Declaration>, view, offset + start + header)
          : undefined;
      let length = 0;
      if (type === undefined) length = nested?.length ?? 0;
      else if (value !== undefined) length = view.getUint16(offset + start, HOST_LITTLE_ENDIAN);
      this.#slots.push({ name, coder, nested, start: start + header, end: start + length, value });
      start += align(length);
    }
    this.length = start;
  }

  /**
   * Turns the encoding of the last values, at the offset, into that of the given ones. Returns false where an attribute
   * comes, goes or changes its length: what is at the offset, and the template, are of no further use then.
   */
  fill(view: DataView, offset: number, values: Sent<Declaration>): boolean {
    const slots = this.#slots;
    // By an index, as restoring a table spends its time here.
    for (let index = 0; index < slots.length; index++) {
      const slot = slots[index] as Slot;
      const value: unknown = values[slot.name];
      // The same record has the same values; the same bytes may be those of a buffer that is used again.
      if (value === slot.value && (typeof value !== "object" || slot.nested !== undefined)) continue;
      if (value === undefined || slot.value === undefined) return false;
      if (slot.nested !== undefined) {
        if (!slot.nested.fill(view, offset + slot.start, value as Sent<Declaration>)) return false;
      } else if (slot.coder.write(view, offset + slot.start, value) !== offset + slot.end) return false;
      slot.value = value;
    }
    return true;
  }

  /** Records may have changed: the next ones are compared value by value. */
  forgetRecords(): void {
    for (const slot of this.#slots) {
      if (slot.nested === undefined) continue;
      slot.value = forgotten;
      slot.nested.forgetRecords();
    }
  }
}

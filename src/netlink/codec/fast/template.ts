/** A shortcut for `AttributeSet.write`: turns an encoding into that of similar values. */
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

/** Replaces a remembered record: no other value is equal to it. */
const forgotten = {};

/**
 * The parts of an encoded attribute set, to encode others like it. All of it follows from the set's declaration: the coder
 * of an attribute overwrites it where its value differs from the last one.
 */
export class Template {
  readonly #slots: Slot[] = [];
  /** Of the whole encoding, bytes. */
  readonly length: number;

  /** Takes values and their encoding at the offset. The values must not change before `forgetRecords`. */
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
   * appears, disappears or changes its length. The template, and what is at the offset, must not be used then.
   */
  fill(view: DataView, offset: number, values: Sent<Declaration>): boolean {
    const slots = this.#slots;
    // By an index, as restoring a table spends its time here.
    for (let index = 0; index < slots.length; index++) {
      const slot = slots[index] as Slot;
      const value: unknown = values[slot.name];
      // An identical record has the same values, but identical bytes may be a buffer that was filled again.
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

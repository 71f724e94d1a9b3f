import { align } from "../../src/netlink/codec/align.js";
import { HOST_LITTLE_ENDIAN } from "../../src/netlink/codec/coders.js";
import { concat } from "../support/bytes.js";

/** An attribute as bytes: its type with all flags, and its payload. */
export interface RawAttribute {
  readonly type: number;
  readonly value: Uint8Array;
}

const headerLength = 4;
const nestedFlag = 0x8000;

/** The attributes that bytes consist of, as far as they are any. */
export function splitAttributes(bytes: Uint8Array): RawAttribute[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const attributes: RawAttribute[] = [];
  for (let start = 0; start + headerLength <= bytes.length; ) {
    const length = view.getUint16(start, HOST_LITTLE_ENDIAN);
    if (length < headerLength || start + length > bytes.length) break;
    const type = view.getUint16(start + 2, HOST_LITTLE_ENDIAN);
    attributes.push({ type, value: bytes.slice(start + headerLength, start + length) });
    start += align(length);
  }
  return attributes;
}

export function joinAttributes(attributes: readonly RawAttribute[]): Uint8Array {
  return concat(
    ...attributes.map(({ type, value }) => {
      const length = headerLength + value.length;
      const bytes = new Uint8Array(align(length));
      bytes.set(new Uint8Array(Uint16Array.of(length, type).buffer));
      bytes.set(value, headerLength);
      return bytes;
    }),
  );
}

/** Changes a list of attributes: the outer one, or with `descend` the one in the first nest that it chooses, and so on. */
export function changeAttributes(
  bytes: Uint8Array,
  descend: () => boolean,
  change: (attributes: readonly RawAttribute[]) => readonly RawAttribute[],
): Uint8Array {
  const attributes = splitAttributes(bytes);
  const nest = attributes.findIndex(({ type }) => (type & nestedFlag) !== 0 && descend());
  const nested = attributes[nest];
  if (nested === undefined) return joinAttributes(change(attributes));
  return joinAttributes(attributes.with(nest, { ...nested, value: changeAttributes(nested.value, descend, change) }));
}

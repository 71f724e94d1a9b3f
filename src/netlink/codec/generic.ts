import type { AttributeSet, Declaration, Values } from "./attribute-set.js";
import { type DatagramBuffer, type Message, makeDatagramBuffer } from "./message.js";
import { malformed } from "./netlink-error.js";

export const NETLINK_GENERIC = 16;

/** Length of struct genlmsghdr: command, version, two reserved bytes. */
const GENERIC_HEADER_LENGTH = 4;

/** Longer than any payload that is sent. */
const PAYLOAD_SIZE = 4096;
/** Many payloads share one buffer: an ArrayBuffer of its own for each would be the largest cost of encoding. */
let pool = makeDatagramBuffer(16 * PAYLOAD_SIZE);
let used = 0;

/** Makes room for a payload and returns where in the pool it begins. */
function allocate(): number {
  if (pool.bytes.length - used < PAYLOAD_SIZE) {
    pool = makeDatagramBuffer(16 * PAYLOAD_SIZE);
    used = 0;
  }
  return used;
}

/** The payload of a generic netlink message: its header and attributes. Throws a RangeError beyond 4096 bytes. */
export function encodeGeneric<D extends Declaration>(
  command: number,
  version: number,
  attributes?: AttributeSet<D>,
  values?: Values<D>,
): Uint8Array {
  const start = allocate();
  const { view } = pool;
  view.setUint8(start, command);
  view.setUint8(start + 1, version);
  let end = start + GENERIC_HEADER_LENGTH;
  if (attributes && values) end = attributes.write(view, end, values);
  used = end;
  return new Uint8Array(view.buffer, start, end - start);
}

/** A payload of two parts, to write over what they hold: where it begins and ends in the buffer. */
export function joinPayload(
  beginning: Uint8Array,
  ending: Uint8Array,
): DatagramBuffer & { readonly start: number; readonly end: number } {
  const start = allocate();
  const middle = start + beginning.length;
  const { view, bytes } = pool;
  bytes.set(beginning, start);
  bytes.set(ending, middle);
  used = middle + ending.length;
  return { view, bytes, start, end: used };
}

/** The attributes of a generic netlink message. */
export function decodeGeneric<D extends Declaration>(
  attributes: AttributeSet<D>,
  { payload }: Pick<Message, "payload">,
): Values<D> {
  if (payload.byteLength < GENERIC_HEADER_LENGTH) throw malformed("no generic netlink header");
  return attributes.read(payload, GENERIC_HEADER_LENGTH, payload.byteLength - GENERIC_HEADER_LENGTH);
}

import { AttributeSet, type Declaration, type Values } from "./attributes.js";
import { string, u16 } from "./coders.js";
import type { Connection } from "./connection.js";
import { malformed } from "./errors.js";
import { type DatagramBuffer, type Message, makeDatagramBuffer } from "./message.js";

export const NETLINK_GENERIC = 16;

/** Length of struct genlmsghdr: command, version, two reserved bytes. */
const GENERIC_HEADER_LENGTH = 4;

/** Type of the messages of the family that names the others. */
const GENL_ID_CTRL = 16;
const CTRL_CMD_GETFAMILY = 3;
const CTRL_VERSION = 1;
const control = new AttributeSet({ familyId: [1, u16], familyName: [2, string] });

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

/** The message type of a generic netlink family. Rejects with ENOENT where the kernel has none of this name. */
export async function resolveFamily(connection: Connection, name: string): Promise<number> {
  const request = encodeGeneric(CTRL_CMD_GETFAMILY, CTRL_VERSION, control, { familyName: name });
  const [reply] = await connection.request(GENL_ID_CTRL, request);
  const id = reply && decodeGeneric(control, reply).familyId;
  if (id === undefined) throw malformed("a family without an id");
  return id;
}

import { align } from "./align.js";
import { HOST_LITTLE_ENDIAN } from "./coders.js";
import { malformed } from "./netlink-error.js";

export const NLMSG_NOOP = 1;
export const NLMSG_ERROR = 2;
export const NLMSG_DONE = 3;
export const NLMSG_OVERRUN = 4;

export const NLM_F_REQUEST = 0x1;
export const NLM_F_MULTI = 0x2;
export const NLM_F_ACK = 0x4;
/** The table changed while it was dumped. */
export const NLM_F_DUMP_INTR = 0x10;
export const NLM_F_DUMP = 0x300;
/** On an error: only the header of the request follows. */
export const NLM_F_CAPPED = 0x100;
/** On an error or the end of a dump: an explanation follows. */
export const NLM_F_ACK_TLVS = 0x200;

/** Length of struct nlmsghdr. */
export const HEADER_LENGTH = 16;

/** A netlink message. The payload aliases the datagram it came in. */
export interface Message {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  readonly payload: DataView;
}

/** A buffer for datagrams, as a view for numbers and as bytes, since making one from the other takes time. */
export interface DatagramBuffer {
  readonly view: DataView;
  readonly bytes: Uint8Array;
}

export function makeDatagramBuffer(size: number): DatagramBuffer {
  const buffer = new ArrayBuffer(size);
  return { view: new DataView(buffer), bytes: new Uint8Array(buffer) };
}

/** Writes a message for the kernel at the offset; returns the offset of the next one. */
export function encodeMessage(
  { view, bytes }: DatagramBuffer,
  offset: number,
  type: number,
  flags: number,
  sequence: number,
  payload: Uint8Array,
): number {
  const length = HEADER_LENGTH + payload.length;
  view.setUint32(offset, length, HOST_LITTLE_ENDIAN);
  view.setUint16(offset + 4, type, HOST_LITTLE_ENDIAN);
  view.setUint16(offset + 6, flags, HOST_LITTLE_ENDIAN);
  view.setUint32(offset + 8, sequence, HOST_LITTLE_ENDIAN);
  // The sender's port: the kernel takes it from the socket.
  view.setUint32(offset + 12, 0, HOST_LITTLE_ENDIAN);
  bytes.set(payload, offset + HEADER_LENGTH);
  return offset + align(length);
}

/** The messages of a datagram; the last one may lack its padding. Rejects truncated ones with EBADMSG. */
export function decodeMessages(datagram: Uint8Array): Message[] {
  const { buffer, byteOffset, byteLength } = datagram;
  const view = new DataView(buffer, byteOffset, byteLength);
  const messages: Message[] = [];
  for (let offset = 0; offset < byteLength; ) {
    const left = byteLength - offset;
    if (left < HEADER_LENGTH) throw malformed(`${left} bytes where a message should begin`);
    const length = view.getUint32(offset, HOST_LITTLE_ENDIAN);
    if (length < HEADER_LENGTH || length > left)
      throw malformed(`a message of length ${length} with ${left} bytes left`);
    messages.push({
      type: view.getUint16(offset + 4, HOST_LITTLE_ENDIAN),
      flags: view.getUint16(offset + 6, HOST_LITTLE_ENDIAN),
      sequence: view.getUint32(offset + 8, HOST_LITTLE_ENDIAN),
      payload: new DataView(buffer, byteOffset + offset + HEADER_LENGTH, length - HEADER_LENGTH),
    });
    offset += align(length);
  }
  return messages;
}

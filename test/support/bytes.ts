import { encodeMessage, type Message, NLMSG_DONE, NLMSG_ERROR } from "../../src/netlink/codec/message.js";

/** Bytes of hexadecimal digits; blanks are for the reader. */
export function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ""), "hex"));
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

export function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function concat(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

/** One message as the kernel sends it. */
export function message(type: number, sequence: number, payload: Uint8Array, flags = 0): Uint8Array {
  const datagram = new Uint8Array(16 + payload.length + 3);
  return datagram.slice(0, encodeMessage({ view: view(datagram), bytes: datagram }, 0, type, flags, sequence, payload));
}

function int32(value: number): Uint8Array {
  return new Uint8Array(Int32Array.of(value).buffer);
}

/** NLMSG_ERROR: an acknowledgement with errno 0. The copy of the request's header follows, as from the kernel. */
export function errorReply(to: Message, errno: number): Uint8Array {
  return message(NLMSG_ERROR, to.sequence, concat(int32(-errno), new Uint8Array(16)));
}

export function done(to: Message, errno = 0, flags = 0): Uint8Array {
  return message(NLMSG_DONE, to.sequence, int32(-errno), flags);
}

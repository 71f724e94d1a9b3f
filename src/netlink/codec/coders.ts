import { malformed } from "./netlink-error.js";

/** How the payload of an attribute is written and read. A few are received in another form than they are sent in. */
export interface Coder<Sent, Received = Sent> {
  /** The payload is attributes itself: its type gets NLA_F_NESTED. */
  readonly nested?: boolean;
  /** Writes the value at the offset; returns the offset after it. */
  write(view: DataView, offset: number, value: Sent): number;
  /** What it returns does not alias the view. Rejects a length that the type cannot have with EBADMSG. */
  read(view: DataView, offset: number, length: number): Received;
}

/** Netlink's integers are in the host's byte order. */
export const HOST_LITTLE_ENDIAN = new Uint8Array(new Int32Array([1]).buffer)[0] === 1;

function expectLength(length: number, expected: number): void {
  if (length !== expected) throw malformed(`an attribute of ${length} bytes instead of ${expected}`);
}

export const u8: Coder<number> = {
  write(view, offset, value) {
    view.setUint8(offset, value);
    return offset + 1;
  },
  read(view, offset, length) {
    expectLength(length, 1);
    return view.getUint8(offset);
  },
};

function u16In(littleEndian: boolean): Coder<number> {
  return {
    write(view, offset, value) {
      view.setUint16(offset, value, littleEndian);
      return offset + 2;
    },
    read(view, offset, length) {
      expectLength(length, 2);
      return view.getUint16(offset, littleEndian);
    },
  };
}

export const u16 = u16In(HOST_LITTLE_ENDIAN);
export const u16be = u16In(false);

export const u32: Coder<number> = {
  write(view, offset, value) {
    view.setUint32(offset, value, HOST_LITTLE_ENDIAN);
    return offset + 4;
  },
  read(view, offset, length) {
    expectLength(length, 4);
    return view.getUint32(offset, HOST_LITTLE_ENDIAN);
  },
};

export const i32: Coder<number> = {
  write(view, offset, value) {
    view.setInt32(offset, value, HOST_LITTLE_ENDIAN);
    return offset + 4;
  },
  read(view, offset, length) {
    expectLength(length, 4);
    return view.getInt32(offset, HOST_LITTLE_ENDIAN);
  },
};

export const u64: Coder<bigint> = {
  write(view, offset, value) {
    view.setBigUint64(offset, value, HOST_LITTLE_ENDIAN);
    return offset + 8;
  },
  read(view, offset, length) {
    expectLength(length, 8);
    return view.getBigUint64(offset, HOST_LITTLE_ENDIAN);
  },
};

function writeBytes(view: DataView, offset: number, value: Uint8Array): number {
  // A loop: for so few bytes it is faster than set(), which needs another view.
  for (let index = 0; index < value.length; index++) view.setUint8(offset + index, value[index] ?? 0);
  return offset + value.length;
}

/** NUL-terminated bytes as a byte string, one character per byte. Reading ends at the first NUL or with the attribute. */
export const string: Coder<string> = {
  write(view, offset, value) {
    if (value.includes("\0")) throw new RangeError("a NUL character within a name");
    for (let index = 0; index < value.length; index++) view.setUint8(offset + index, value.charCodeAt(index));
    view.setUint8(offset + value.length, 0);
    return offset + value.length + 1;
  },
  read(view, offset, length) {
    let text = "";
    for (let index = offset; index < offset + length; index++) {
      const byte = view.getUint8(index);
      if (byte === 0) break;
      text += String.fromCharCode(byte);
    }
    return text;
  },
};

/** Bytes as they are, in one of the lengths. */
export function bytes(...lengths: number[]): Coder<Uint8Array> {
  return {
    write: writeBytes,
    read(view, offset, length) {
      if (!lengths.includes(length)) {
        throw malformed(`an attribute of ${length} bytes instead of ${lengths.join(" or ")}`);
      }
      const value = new Uint8Array(length);
      for (let index = 0; index < length; index++) value[index] = view.getUint8(offset + index);
      return value;
    },
  };
}

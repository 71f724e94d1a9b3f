import type { Coder } from "./coders.js";
import { malformed } from "./netlink-error.js";

type Members = Readonly<Record<string, readonly [size: number, coder: Coder<number>]>>;

/** A struct of numbers: the header that the payloads of a family begin with. Its members need no padding between them. */
export class Struct<M extends Members> {
  /** Bytes. */
  readonly length: number;

  /** Size in bytes and type of each member, in the order of the wire. */
  constructor(private readonly members: M) {
    this.length = Object.values(members).reduce((sum, [size]) => sum + size, 0);
  }

  /** A payload that consists of the struct only; what is absent is 0. */
  encode(values: { readonly [Name in keyof M]?: number }): Uint8Array {
    const bytes = new Uint8Array(this.length);
    const view = new DataView(bytes.buffer);
    let offset = 0;
    for (const [name, [size, coder]] of Object.entries(this.members)) {
      coder.write(view, offset, values[name] ?? 0);
      offset += size;
    }
    return bytes;
  }

  /** The struct at the beginning of a payload. Rejects one that is too short with EBADMSG. */
  decode(payload: DataView): { readonly [Name in keyof M]: number } {
    if (payload.byteLength < this.length) throw malformed(`a payload of ${payload.byteLength} bytes`);
    const values: Record<string, number> = {};
    let offset = 0;
    for (const [name, [size, coder]] of Object.entries(this.members)) {
      values[name] = coder.read(payload, offset, size);
      offset += size;
    }
    return values as { readonly [Name in keyof M]: number };
  }
}

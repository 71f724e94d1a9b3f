import type { AttributeSet, Declaration, Sent, Values } from "./attribute-set.js";
import { Template } from "./fast/template.js";
import { type Message, makeDatagramBuffer } from "./message.js";
import { malformed } from "./netlink-error.js";

export const NETLINK_GENERIC = 16;

/** Length of struct genlmsghdr: command, version, two reserved bytes. */
const GENERIC_HEADER_LENGTH = 4;

/** Longer than any payload that is sent. */
const PAYLOAD_SIZE = 4096;
/**
 * Many payloads share one buffer: an ArrayBuffer of its own for each would be the largest cost of encoding. The first one is
 * small, since most calls send a few, and the small executable has it in its file.
 */
let pool = makeDatagramBuffer(2 * PAYLOAD_SIZE);
let used = 0;

/** Makes room for a payload and returns where in the pool it begins. */
function allocate(): number {
  if (pool.bytes.length - used < PAYLOAD_SIZE) {
    pool = makeDatagramBuffer(16 * PAYLOAD_SIZE);
    used = 0;
  }
  return used;
}

/** The payload of a generic netlink message: its header and attributes. Throws a RangeError for a value that cannot be sent. */
export function encodeGeneric<D extends Declaration>(
  command: number,
  version: number,
  attributes?: AttributeSet<D>,
  values?: Sent<D>,
): Uint8Array {
  const start = allocate();
  const { view } = pool;
  view.setUint8(start, command);
  view.setUint8(start + 1, version);
  // A template that did not fit may have written there.
  view.setUint16(start + 2, 0);
  let end = start + GENERIC_HEADER_LENGTH;
  if (attributes && values) end = attributes.write(view, end, values);
  used = end;
  return new Uint8Array(view.buffer, start, end - start);
}

/** The last payload of a command. */
interface Encoded {
  payload: Uint8Array;
  /** Of the first payload of its kind. */
  readonly values: Sent<Declaration>;
  /** Made when the second payload comes: most commands come once. */
  template: Template | undefined;
}

/**
 * Encodes payloads of one family as encodeGeneric does, in a fraction of its time where they resemble the last one of the
 * same command.
 */
export class GenericSeries {
  /** By the number of the command. */
  readonly #last: (Encoded | undefined)[] = [];

  constructor(private readonly version: number) {}

  /** Begins a batch. The values of earlier batches may have changed. */
  beginBatch(): void {
    for (const [command, last] of this.#last.entries()) {
      if (last?.template === undefined) this.#last[command] = undefined;
      else last.template.forgetRecords();
    }
  }

  /**
   * A command always has the same attribute set. The values must not change before the next batch. Throws a RangeError for
   * a value that cannot be sent.
   */
  encode<D extends Declaration>(command: number, attributes: AttributeSet<D>, values: Sent<D>): Uint8Array {
    const last = this.#last[command];
    // Kept only if it is filled: a template that does not fit, or whose value throws, is half overwritten.
    this.#last[command] = undefined;
    if (last !== undefined) {
      last.template ??= makeTemplate(attributes, last);
      const start = allocate();
      const { view, bytes } = pool;
      bytes.set(last.payload, start);
      if (last.template.fill(view, start + GENERIC_HEADER_LENGTH, values)) {
        used = start + GENERIC_HEADER_LENGTH + last.template.length;
        last.payload = bytes.subarray(start, used);
        this.#last[command] = last;
        return last.payload;
      }
    }
    const payload = encodeGeneric(command, this.version, attributes, values);
    this.#last[command] = { payload, values, template: undefined };
    return payload;
  }
}

function makeTemplate(attributes: AttributeSet<Declaration>, { payload, values }: Encoded): Template {
  return new Template(attributes, values, new DataView(payload.buffer), payload.byteOffset + GENERIC_HEADER_LENGTH);
}

/** The attributes of a generic netlink message. */
export function decodeGeneric<D extends Declaration>(
  attributes: AttributeSet<D>,
  { payload }: Pick<Message, "payload">,
): Values<D> {
  if (payload.byteLength < GENERIC_HEADER_LENGTH) throw malformed("no generic netlink header");
  return attributes.read(payload, GENERIC_HEADER_LENGTH, payload.byteLength - GENERIC_HEADER_LENGTH);
}

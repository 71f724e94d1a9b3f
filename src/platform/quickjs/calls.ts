/** System calls by the small executable's host. */
import * as host from "host";
import { type SystemCalls, SystemError } from "../system-calls.js";

/** A file that was read to see how large it is. The next `open` of it need not read it again. */
let kept: { readonly path: string; readonly bytes: Uint8Array; position: number } | undefined;
/** Stands for a descriptor; no process has so many. */
const keptDescriptor = 2 ** 30;

/** Whether a file has at least so many bytes. False where it cannot be read. */
export function fileHasBytes(path: string, least: number): boolean {
  const descriptor = host.open(path);
  if (descriptor < 0) return false;
  let bytes = new Uint8Array(Math.min(least, 16 * 1024));
  let length = 0;
  let count = 1;
  for (; count > 0 && length < least; length += Math.max(count, 0)) {
    if (length === bytes.length) bytes = enlarge(bytes);
    count = host.read(descriptor, bytes.subarray(length));
  }
  host.close(descriptor);
  if (count === 0) kept = { path, bytes: bytes.subarray(0, length), position: 0 };
  return length >= least;
}

function enlarge(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(4 * bytes.length);
  larger.set(bytes);
  return larger;
}

function readKept(buffer: Uint8Array): number {
  if (kept === undefined) return 0;
  const part = kept.bytes.subarray(kept.position, kept.position + buffer.length);
  buffer.set(part);
  kept.position += part.length;
  return part.length;
}

export const quickjsSystemCalls: SystemCalls = {
  open: (path) => (kept?.path === path ? keptDescriptor : checkedHostCall(() => host.open(path))),
  read: (descriptor, buffer) =>
    descriptor === keptDescriptor ? readKept(buffer) : checkedHostCall(() => host.read(descriptor, buffer)),
  write: (descriptor, bytes) => checkedHostCall(() => host.write(descriptor, bytes)),
  close(descriptor) {
    if (descriptor === keptDescriptor) kept = undefined;
    else host.close(descriptor);
  },
  async run(path, args) {
    host.run([path, ...args]);
  },
};

/** See Platform.enterNetworkNamespace. */
export async function enterNetworkNamespace(path: string): Promise<void> {
  checkedHostCall(() => host.enterNetworkNamespace(path));
}

/** The host repeats a call that a signal interrupts. */
function checkedHostCall(call: () => number): number {
  const result = call();
  if (result < 0) throw new SystemError(-result);
  return result;
}

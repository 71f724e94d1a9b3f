/** System calls by the small executable's host. */
import * as host from "host";
import { type SystemCalls, SystemError } from "../system-calls.js";

export const quickjsSystemCalls: SystemCalls = {
  open: (path) => checkedHostCall(() => host.open(path)),
  read: (descriptor, buffer) => checkedHostCall(() => host.read(descriptor, buffer)),
  write: (descriptor, bytes) => checkedHostCall(() => host.write(descriptor, bytes)),
  close: host.close,
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

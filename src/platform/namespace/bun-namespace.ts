/** setns(2) in the executable. Loaded only for --netns, because a start must not pay for finding it in libc. */
import { dlopen } from "bun:ffi";
import { O_CLOEXEC, O_RDONLY } from "../bun-calls.js";
import { lastErrno, libc } from "../libc.js";
import { SystemError } from "../system-calls.js";
import { isOwnNamespace } from "./own-namespace.js";

const { symbols: namespaceCalls } = dlopen("libc.so.6", { setns: { args: ["i32", "i32"], returns: "i32" } });

const O_NOCTTY = 0o400;
/** Opening a FIFO would wait for its writer. */
const O_NONBLOCK = 0o4000;
const CLONE_NEWNET = 0x40000000;

/**
 * See Platform.enterNetworkNamespace. It moves this thread, which is the main one: /proc/self and /proc/net follow it, and so do
 * the programs that it starts.
 */
export async function enterByBun(path: string): Promise<void> {
  if (await isOwnNamespace(path)) return;
  const descriptor = libc.open(Buffer.from(`${path}\0`, "latin1"), O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) throw new SystemError(lastErrno());
  try {
    if (namespaceCalls.setns(descriptor, CLONE_NEWNET) < 0) throw new SystemError(lastErrno());
  } finally {
    libc.close(descriptor);
  }
}

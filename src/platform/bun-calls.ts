/** System calls by libc itself, and by Bun's own module: `node:fs` and `node:child_process` would each take a millisecond to load. */
import { spawnSync } from "bun";
import { lastErrno, libc } from "./libc.js";
import { type SystemCalls, SystemError } from "./system-calls.js";

export const O_RDONLY = 0;
export const O_CLOEXEC = 0o2000000;

export const bunSystemCalls: SystemCalls = {
  open(path) {
    const name = Buffer.from(`${path}\0`, "latin1");
    return checkedLibcCall(() => libc.open(name, O_RDONLY | O_CLOEXEC));
  },
  read: (descriptor, buffer) => checkedLibcCall(() => libc.read(descriptor, buffer, buffer.length)),
  write: (descriptor, bytes) => checkedLibcCall(() => libc.write(descriptor, bytes, bytes.length)),
  close(descriptor) {
    libc.close(descriptor);
  },
  async run(path, args) {
    try {
      spawnSync([path, ...args], { stdin: "inherit", stdout: "inherit", stderr: "inherit" });
    } catch {
      // It could not be started.
    }
  },
};

function checkedLibcCall(call: () => number): number {
  for (;;) {
    const result = call();
    if (result >= 0) return result;
    const error = new SystemError(lastErrno());
    if (error.code !== "EINTR") throw error;
  }
}

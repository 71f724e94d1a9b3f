/** System calls by Node's own modules. */
import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { type SystemCalls, SystemError } from "./system-calls.js";

export const nodeSystemCalls: SystemCalls = {
  open: (path) => checkedNodeCall(() => openSync(Buffer.from(path, "latin1"), "r")),
  read: (descriptor, buffer) => checkedNodeCall(() => readSync(descriptor, buffer)),
  write: (descriptor, bytes) => checkedNodeCall(() => writeSync(descriptor, bytes)),
  close: closeSync,
  async run(path, args) {
    const { spawnSync } = await import("node:child_process");
    spawnSync(path, args, { stdio: "inherit" });
  },
};

function checkedNodeCall(call: () => number): number {
  for (;;) {
    try {
      return call();
    } catch (cause) {
      const error = toSystemError(cause);
      if (error.code !== "EINTR") throw error;
    }
  }
}

/** libuv's error numbers are those of the system, negative. */
function toSystemError(error: unknown): SystemError {
  if (error instanceof Error && "errno" in error && typeof error.errno === "number") {
    return new SystemError(-error.errno);
  }
  throw error;
}

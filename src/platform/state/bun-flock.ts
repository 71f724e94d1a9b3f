/** flock(2) in the executable. Loaded with the first lock, because a start must not pay for finding it in libc. */
import { dlopen } from "bun:ffi";
import { lastErrno } from "../libc.js";
import { SystemError } from "../system-calls.js";

const { symbols: lockCalls } = dlopen("libc.so.6", { flock: { args: ["i32", "i32"], returns: "i32" } });

const LOCK_EX = 2;
const LOCK_NB = 4;

/** See TryFlock. Throws a SystemError. */
export function tryBunFlock(descriptor: number): boolean {
  for (;;) {
    if (lockCalls.flock(descriptor, LOCK_EX | LOCK_NB) === 0) return true;
    const error = new SystemError(lastErrno());
    if (error.code === "EAGAIN") return false;
    if (error.code !== "EINTR") throw error;
  }
}

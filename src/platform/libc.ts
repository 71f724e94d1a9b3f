/** The functions of libc that the executable calls: one look-up for all, since the first one is what costs. */
import { dlopen, read } from "bun:ffi";

const functions = {
  open: { args: ["ptr", "i32"], returns: "i32" },
  read: { args: ["i32", "ptr", "u64"], returns: "i64_fast" },
  write: { args: ["i32", "ptr", "u64"], returns: "i64_fast" },
  close: { args: ["i32"], returns: "i32" },
  socket: { args: ["i32", "i32", "i32"], returns: "i32" },
  setsockopt: { args: ["i32", "i32", "i32", "ptr", "u32"], returns: "i32" },
  getsockopt: { args: ["i32", "i32", "i32", "ptr", "ptr"], returns: "i32" },
  send: { args: ["i32", "ptr", "u64", "i32"], returns: "i64_fast" },
  recvfrom: { args: ["i32", "ptr", "u64", "i32", "ptr", "ptr"], returns: "i64_fast" },
  __errno_location: { args: [], returns: "ptr" },
} as const;

function open() {
  try {
    return dlopen("libc.so.6", functions).symbols;
  } catch {
    return undefined;
  }
}

const symbols = open();

/** Whether the functions are there: calling them needs memory that is writable and executable, which a sandbox can forbid. */
export const hasLibc = symbols !== undefined;

/** Only to be called where `hasLibc`. */
export const libc = symbols as NonNullable<typeof symbols>;

/** The errno of the call that failed last; positive. */
export function lastErrno(): number {
  return read.i32(libc.__errno_location(), 0);
}

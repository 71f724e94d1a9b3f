import { type ErrorCode, errnoOf, errorCode, strerror } from "../../platform/errno.js";

/** What went wrong on the way to the kernel and back, or what the kernel answered. */
export class NetlinkError extends Error {
  /** The errno's name: `ENOBUFS`. */
  readonly code: string;

  constructor(
    /** Positive. */
    readonly errno: number,
    detail?: string,
  ) {
    super(detail === undefined ? strerror(errno) : `${strerror(errno)}: ${detail}`);
    this.name = "NetlinkError";
    this.code = errorCode(errno);
  }
}

export function netlinkError(code: ErrorCode, detail?: string): NetlinkError {
  return new NetlinkError(errnoOf(code), detail);
}

/** For bytes that are no netlink. */
export function malformed(detail: string): NetlinkError {
  return netlinkError("EBADMSG", detail);
}

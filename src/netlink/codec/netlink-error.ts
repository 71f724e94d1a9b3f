import { type ErrorCode, errnoOf, errorCode, strerror } from "../../platform/errno.js";

/** What is known of an error besides its errno. */
export interface NetlinkErrorDetails {
  /** What went wrong, in our words. */
  readonly detail?: string | undefined;
  /** The kernel's own explanation of a refusal. */
  readonly kernelMessage?: string | undefined;
  /** Where the request has the attribute that the kernel refuses: bytes from the beginning of the message. */
  readonly offset?: number | undefined;
}

/** An error on the way to the kernel and back, or a refusal by the kernel. */
export class NetlinkError extends Error {
  /** The errno's name: `ENOBUFS`. */
  readonly code: string;
  readonly kernelMessage: string | undefined;
  readonly offset: number | undefined;

  constructor(
    /** Positive. */
    readonly errno: number,
    { detail, kernelMessage, offset }: NetlinkErrorDetails = {},
  ) {
    const explanation = detail ?? kernelMessage;
    super(explanation === undefined ? strerror(errno) : `${strerror(errno)}: ${explanation}`);
    this.name = "NetlinkError";
    this.code = errorCode(errno);
    this.kernelMessage = kernelMessage;
    this.offset = offset;
  }
}

export function netlinkError(code: ErrorCode, detail?: string): NetlinkError {
  return new NetlinkError(errnoOf(code), { detail });
}

/** The error for bytes that are not valid netlink. */
export function malformed(detail: string): NetlinkError {
  return netlinkError("EBADMSG", detail);
}

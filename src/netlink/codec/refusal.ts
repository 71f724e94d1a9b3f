import { align } from "./align.js";
import { AttributeSet } from "./attribute-set.js";
import { HOST_LITTLE_ENDIAN, string, u32 } from "./coders.js";
import { HEADER_LENGTH, type Message, NLM_F_ACK_TLVS, NLM_F_CAPPED } from "./message.js";
import { malformed, NetlinkError } from "./netlink-error.js";

const NLMSGERR_ATTR_MSG = 1;
const NLMSGERR_ATTR_OFFS = 2;
const ERRNO_LENGTH = 4;

/** What the kernel says about an error (extended acknowledgement). */
const explanation = new AttributeSet({
  kernelMessage: [NLMSGERR_ATTR_MSG, string],
  offset: [NLMSGERR_ATTR_OFFS, u32],
});

/**
 * The refusal that a message of type NLMSG_ERROR reports, undefined for an acknowledgement. A negative errno is followed by
 * the request: all of it, or its header only (NLM_F_CAPPED). Throws a NetlinkError EBADMSG for anything else.
 */
export function decodeError({ flags, payload }: Message): NetlinkError | undefined {
  const errno = readErrno(payload);
  if (errno === undefined || errno < 0) throw malformed("an error message without an errno");
  if (errno === 0) return undefined;
  return makeRefusal(errno, flags, payload, (flags & NLM_F_CAPPED) !== 0 ? HEADER_LENGTH : requestLength(payload));
}

/** The refusal that a message of type NLMSG_DONE reports, undefined where the dump is complete. */
export function decodeDone({ flags, payload }: Message): NetlinkError | undefined {
  const errno = readErrno(payload) ?? 0;
  return errno > 0 ? makeRefusal(errno, flags, payload, 0) : undefined;
}

/** Positive for an error. */
function readErrno(payload: DataView): number | undefined {
  return payload.byteLength < ERRNO_LENGTH ? undefined : -payload.getInt32(0, HOST_LITTLE_ENDIAN);
}

function requestLength(payload: DataView): number {
  return payload.byteLength < ERRNO_LENGTH + HEADER_LENGTH ? 0 : payload.getUint32(ERRNO_LENGTH, HOST_LITTLE_ENDIAN);
}

/** `skipped` is the length of the request between errno and explanation. */
function makeRefusal(errno: number, flags: number, payload: DataView, skipped: number): NetlinkError {
  const start = ERRNO_LENGTH + align(skipped);
  if ((flags & NLM_F_ACK_TLVS) === 0 || start > payload.byteLength) return new NetlinkError(errno);
  try {
    return new NetlinkError(errno, explanation.read(payload, start, payload.byteLength - start));
  } catch {
    // The errno counts, whatever follows it.
    return new NetlinkError(errno);
  }
}

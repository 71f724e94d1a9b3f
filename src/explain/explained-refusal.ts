import type { Operation } from "../ipvs/ipvs-error.js";
import type { Change } from "../model/change.js";
import type { ErrorCode } from "../platform/errno.js";

/** What can be behind a refusal, and the command that fixes it or shows more. */
export interface Cause {
  readonly text: string;
  /** `{scheduler}` and the like stand for what the change has. */
  readonly command: string;
  /** Whether a change can have been refused for it; without it any can. */
  readonly applies?: (change: Change) => boolean;
}

/** What the kernel means by an errno. */
export interface ExplainedRefusal {
  /** The operations that are refused with it for this reason; undefined: all of them. */
  readonly operations?: readonly Operation[];
  readonly code: ErrorCode;
  /** What the kernel wants to be true, which is not. */
  readonly check: string;
  /** The likeliest first. */
  readonly causes: readonly [Cause, ...Cause[]];
}

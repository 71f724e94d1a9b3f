import { CLIError } from "@oclif/core/errors";
import { exitStatus } from "../../cli/exit-status.js";
import { UsageError } from "../../cli/usage-error.js";
import { VerbError } from "../../cli/verb-error.js";
import { DocumentError } from "../../format/json/document-error.js";
import { Interrupted } from "../../platform/signals.js";
import { LockError } from "../../platform/state/lock-error.js";
import { HoldError, PlanError } from "../../transaction/change-error.js";
import { StoppedError } from "./stopped-error.js";

/** The exit status of a verb that ends with an error. */
export function statusOfError(error: Error): number {
  if (error instanceof StoppedError) return statusOfError(error.cause);
  if (error instanceof UsageError || error instanceof VerbError || error instanceof Interrupted) return error.status;
  if (error instanceof LockError || error instanceof PlanError) return exitStatus.refused;
  if (error instanceof HoldError) return exitStatus.halfDone;
  if (error instanceof CLIError || error instanceof DocumentError) return exitStatus.usage;
  // Trouble is never 1, which is the answer no of `diff` and others.
  return exitStatus.unreachable;
}

import { exitStatus } from "../../cli/exit-status.js";
import { VerbError } from "../../cli/verb-error.js";
import type { RampedServer } from "../../drain/ramp-event.js";
import { UnfinishedError } from "../../drain/unfinished-error.js";
import { ChangeError, PlanError } from "../../transaction/change-error.js";
import { listChanges } from "../changes/print-plan.js";
import { failureOf } from "./change-failure.js";
import { StoppedError } from "./stopped-error.js";

/**
 * What a verb that changes servers says of an error; errors that speak for themselves as they are. `describeState` says what
 * is left where the error came after the first change.
 */
export function explainServerError(
  error: unknown,
  signal: AbortSignal,
  describeState?: (servers: readonly RampedServer[]) => string,
): unknown {
  if (error instanceof UnfinishedError) {
    const cause = explainServerError(error.cause, signal);
    if (cause instanceof StoppedError) return cause;
    return cause instanceof Error && describeState ? new StoppedError(cause, describeState(error.servers)) : cause;
  }
  if (error instanceof ChangeError) return failureOf(error.result, signal) ?? error;
  if (!(error instanceof PlanError)) return error;
  const { message, changes } = error;
  if (changes.length === 0) return new VerbError(message, exitStatus.refused);
  const isHashing = changes.some(({ costs }) => costs.some(({ reason }) => reason.includes("-fallback")));
  const advice = isHashing
    ? "if that is intended, use --force; --with-fallback gives the scheduler its fallback flag first"
    : "if that is intended, use --force";
  return new VerbError(`${message}:\n${listChanges(changes)}\n${advice}`, exitStatus.refused);
}

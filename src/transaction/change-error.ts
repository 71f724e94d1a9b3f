import type { PlannedChange } from "../model/changes/plan.js";
import type { TransactionResult } from "./transaction.js";

/** A plan that was refused before its first change: the table is untouched. */
export class PlanError extends Error {
  constructor(
    message: string,
    /** The changes of the plan. */
    readonly changes: readonly PlannedChange[],
  ) {
    super(message);
    this.name = "PlanError";
  }
}

/** A plan that did not end as planned. `result.outcome` says how the table is now. */
export class ChangeError extends Error {
  constructor(
    /** The changes of the plan. */
    readonly changes: readonly PlannedChange[],
    /** What became of it. */
    readonly result: TransactionResult,
  ) {
    const { outcome, refusals, failure } = result;
    const [refusal] = refusals;
    const cause = refusal ? `${refusal.path}: ${refusal.error.message}` : (failure?.message ?? "interrupted");
    super(outcome === "changed" ? "somebody else changed the same services meanwhile" : `${cause} (${outcome})`, {
      cause: refusal?.error ?? failure,
    });
    this.name = "ChangeError";
  }
}

/** Whether the signal ended a change before anything was changed, or with everything taken back. */
export function isInterruption(error: unknown, signal: AbortSignal | undefined): boolean {
  if (signal === undefined || !signal.aborted) return false;
  return error === signal.reason || (error instanceof ChangeError && error.result.outcome === "undone");
}

/** The table is changed, or as it was before, but the weights that are held could not be stored. */
export class HoldError extends Error {
  constructor(cause: Error) {
    super(
      `${cause.message}\nthe table and what 'ipvsadm overrides' lists may not agree now; the same command again makes them agree`,
      { cause },
    );
    this.name = "HoldError";
  }
}

import { exitStatus } from "../../cli/exit-status.js";
import { VerbError } from "../../cli/verb-error.js";
import { explainRefusal } from "../../explain/explain.js";
import type { Refusal } from "../../plan/apply.js";
import type { TransactionResult } from "../../transaction/transaction.js";
import { listChanges } from "../changes/print-plan.js";

/** What to say of a plan that was not carried out. */
export function failureOf(
  { outcome, refusals, failure, remaining, undo }: TransactionResult,
  signal: AbortSignal,
): Error | undefined {
  if (outcome === "done") return undefined;
  const causes = [...withoutConsequences(refusals).map(describeRefusal), ...(failure ? [failure.message] : [])];
  const cause = listLines(causes) || `${signal.reason instanceof Error ? signal.reason.message : "interrupted"}`;
  const wayBack = `to go back: ipvsadm undo ${undo ?? ""}`;
  switch (outcome) {
    case "unverified":
      return new VerbError(
        `all changes were made, but the table could not be read again: ${cause}\n${wayBack}`,
        exitStatus.changedMeanwhile,
      );
    case "undone": {
      const text = "the table is as it was before";
      if (causes.length === 0 && signal.reason instanceof Error) return signal.reason;
      return new VerbError(`${cause}\n${text}`, exitStatus.refused);
    }
    case "partial":
      return new VerbError(
        `${cause}\nthe table is neither as before nor as planned; these changes are missing:\n${listChanges(remaining)}\n${wayBack}`,
        exitStatus.halfDone,
      );
    case "changed":
      return new VerbError(
        `somebody else changed the same services meanwhile; the table differs from the plan by:\n${listChanges(remaining)}`,
        exitStatus.changedMeanwhile,
      );
  }
}

/** What the kernel said, and what is likely behind it. */
function describeRefusal({ path, change, error }: Refusal): string {
  const { operation, code, message } = error;
  const reason = explainRefusal({ operation, code, change });
  return reason === undefined ? `${path}: ${message}` : `${path}: ${message}\n  ${reason}`;
}

/** Servers of a service that was refused are refused too, which says nothing new. */
function withoutConsequences(refusals: readonly Refusal[]): readonly Refusal[] {
  const refused = new Set(refusals.map(({ path }) => path));
  return refusals.filter(({ path }) => {
    const owner = /^(.*)\.destinations\[\d+\]$/.exec(path)?.[1];
    return owner === undefined || !refused.has(owner);
  });
}

/** The first of many lines. */
function listLines(lines: readonly string[]): string {
  const most = 10;
  const more = lines.length > most ? [`... and ${lines.length - most} more`] : [];
  return [...lines.slice(0, most), ...more].join("\n");
}

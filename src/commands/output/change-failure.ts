import { exitStatus } from "../../cli/exit-status.js";
import { VerbError } from "../../cli/verb-error.js";
import { explainRefusal } from "../../explain/explain.js";
import type { Change } from "../../model/change.js";
import { destinationIdentity, serviceIdentity } from "../../model/identity.js";
import type { Refusal } from "../../plan/apply.js";
import type { TransactionResult } from "../../transaction/transaction.js";
import { listChanges, listFirst } from "../changes/print-plan.js";
import { StoppedError } from "./stopped-error.js";

/** What to say of a plan that was not carried out. `isFromFile`: its places are those of a file that somebody wrote. */
export function failureOf(
  { outcome, refusals, failure, remaining, undo }: TransactionResult,
  signal: AbortSignal,
  isFromFile = false,
): Error | undefined {
  if (outcome === "done") return undefined;
  const causes = [
    ...withoutConsequences(refusals).map((refusal) => describeRefusal(refusal, isFromFile)),
    ...(failure ? [failure.message] : []),
  ];
  const cause = listFirst(causes, "") || `${signal.reason instanceof Error ? signal.reason.message : "interrupted"}`;
  const wayBack = `to go back: ipvsadm undo ${undo ?? ""}`;
  switch (outcome) {
    case "unverified":
      return new VerbError(
        `all changes were made, but the table could not be read again: ${cause}\n${wayBack}`,
        exitStatus.changedMeanwhile,
      );
    case "undone": {
      const text = "the table is as it was before";
      if (causes.length === 0 && signal.reason instanceof Error) return new StoppedError(signal.reason, text);
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
function describeRefusal({ path, change, error }: Refusal, isFromFile: boolean): string {
  const { operation, code, message } = error;
  const reason = explainRefusal({ operation, code, change });
  const place = isFromFile ? path : nameChanged(change);
  return reason === undefined ? `${place}: ${message}` : `${place}: ${message}\n  ${reason}`;
}

/** What a change is about: `server 10.0.0.2:80 of tcp 192.0.2.10:80`. */
function nameChanged(change: Change): string {
  switch (change.command) {
    case "set-timeouts":
      return "timeouts";
    case "start-daemon":
      return `${change.daemon.state} daemon`;
    case "stop-daemon":
      return `${change.state} daemon`;
    case "flush":
      return "all services";
    case "zero":
      return change.service === "all" ? "all services" : `service ${serviceIdentity(change.service)}`;
    case "add-service":
    case "edit-service":
    case "delete-service":
      return `service ${serviceIdentity(change.service)}`;
    default:
      return `server ${destinationIdentity(change.destination)} of ${serviceIdentity(change.service)}`;
  }
}

/** Servers of a service that was refused are refused too, which says nothing new. */
function withoutConsequences(refusals: readonly Refusal[]): readonly Refusal[] {
  const refused = new Set(refusals.map(({ path }) => path));
  return refusals.filter(({ path }) => {
    const owner = /^(.*)\.destinations\[\d+\]$/.exec(path)?.[1];
    return owner === undefined || !refused.has(owner);
  });
}

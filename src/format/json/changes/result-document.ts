/** What a verb that changes the table prints with --json. */
import { type PlannedChange, planOutcomes } from "../../../model/changes/plan.js";
import { headerKind } from "../document.js";
import type { Style } from "../json-style.js";
import { oneOf, text, unicode } from "../kinds.js";
import { object, optional, required } from "../objects.js";
import type { JsonValue } from "../parse-json.js";
import { renderObject, type Stream } from "../render-json.js";
import { changesKind, writtenChanges } from "./planned-changes.js";

/** What a verb can end with: what becomes of a plan, or that none was carried out. */
const outcomes = ["unchanged", "planned", ...planOutcomes] as const;
export type PlanEnd = (typeof outcomes)[number];

/** What a verb did. */
export interface VerbResult {
  readonly command: string;
  readonly takenAt: Date;
  readonly outcome: PlanEnd;
  readonly undo?: string | undefined;
  readonly error?: string | undefined;
  readonly changes: readonly PlannedChange[];
  readonly remaining: readonly PlannedChange[];
}

export const resultKind = object("the result of a command", {
  ipvs: required(headerKind, "What the document is."),
  command: required(text("a name of a command", 16), "The command."),
  outcome: required(
    oneOf(...outcomes),
    "`unchanged`: there was nothing to do; `planned`: a dry run; `done`: the table is as planned; `undone`: a change was " +
      "refused, and the table is as it was before; `changed`: all changes were made, and somebody else changed the same " +
      "services; `partial`: some changes are made, and some are not; `unverified`: all changes were made, and the table " +
      "could not be read again.",
  ),
  undo: optional(unicode("text"), "ID for `ipvsadm undo`, which takes the changes back."),
  error: optional(unicode("text"), "What went wrong."),
  changes: required(changesKind, "The changes that were planned, in their order."),
  remaining: required(
    changesKind,
    "The changes that would lead to where the command was going; empty if it got there.",
  ),
});

/** The result as JSON text in pieces. */
export function renderResult(result: VerbResult, style: Style): Generator<string> {
  return renderObject(resultMembers(result), style);
}

function* resultMembers(result: VerbResult): Generator<readonly [string, JsonValue | Stream]> {
  const { command, takenAt, outcome, undo, error, changes, remaining } = result;
  yield ["ipvs", headerKind.write({ source: "netlink", takenAt: takenAt.toISOString() }, true)];
  yield ["command", command];
  yield ["outcome", outcome];
  if (undo !== undefined) yield ["undo", undo];
  if (error !== undefined) yield ["error", error];
  yield ["changes", { stream: writtenChanges(changes) }];
  yield ["remaining", { stream: writtenChanges(remaining) }];
}

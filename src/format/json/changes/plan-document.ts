/** A plan as a document: what `ipvsadm diff --json` writes, and what is kept for `ipvsadm undo`. */

import type { Plan, PlannedChange } from "../../../model/changes/plan.js";
import type { DesiredState } from "../../../model/desired.js";
import { isSame } from "../../../model/equality.js";
import { findDesiredFaults } from "../../../model/input/desired-faults.js";
import type { Override } from "../../../model/override.js";
import { daemonKind, headerKind, timeoutsKind } from "../document.js";
import { DocumentError } from "../document-error.js";
import { toState } from "../from-document.js";
import type { Style } from "../json-style.js";
import { listOf, text } from "../kinds.js";
import { object, optional, required } from "../objects.js";
import { isObject, type JsonValue, parseJsonBytes } from "../parse-json.js";
import { renderObject, type Stream } from "../render-json.js";
import { entryKind } from "../service-kinds.js";
import { serviceKeyKind } from "./change-kinds.js";
import { overrideKind } from "./override-document.js";
import { changesKind, writePlannedChange, writtenChanges } from "./planned-changes.js";

/** A plan, and when and for which command it was made. */
export interface RecordedPlan extends Plan {
  /** The verb: `apply`. */
  readonly command: string;
  readonly takenAt: Date;
  /** For a reader; absent in what is kept for undo, which derives them itself. */
  readonly changes?: readonly PlannedChange[];
  /** The overrides without which it would change something else. */
  readonly held?: readonly Override[];
}

/** A plan that was read, with its changes as they were written, if they were. */
export interface ReadPlan extends Plan {
  readonly changes?: readonly JsonValue[];
}

const partKind = object("a part of a table", {
  services: optional(listOf(entryKind), "The services that the plan changes."),
  timeouts: optional(timeoutsKind, "Timeouts, where the plan changes them."),
  daemons: optional(listOf(daemonKind, 2), "The sync daemons, where the plan changes them."),
});

export const planKind = object("a plan", {
  ipvs: required(headerKind, "What the document is."),
  command: required(text("a name of a command", 16, /^[a-z-]+$/u), "The command that made the plan."),
  changes: optional(
    changesKind,
    "The changes, in the order in which they are made; absent in what is kept for `ipvsadm undo`.",
  ),
  services: required(
    listOf(serviceKeyKind),
    "The services that the plan changes, adds or deletes; it touches no other.",
  ),
  before: required(partKind, "What the plan changes, as it was."),
  after: required(partKind, "What the plan changes, as it will be."),
  held: optional(
    listOf(overrideKind),
    "Weights that a drain, a ramp or somebody holds against the file, which the plan leaves as they are.",
  ),
});

/** A plan as JSON text in pieces. */
export function renderPlan(plan: RecordedPlan, style: Style): Generator<string> {
  return renderObject(planMembers(plan), style);
}

function* planMembers(plan: RecordedPlan): Generator<readonly [string, JsonValue | Stream]> {
  const { command, takenAt, changes, services, before, after, held = [] } = plan;
  yield ["ipvs", headerKind.write({ source: "netlink", takenAt: takenAt.toISOString() }, true)];
  yield ["command", command];
  if (changes) yield ["changes", { stream: writtenChanges(changes) }];
  yield ["services", services.map((key) => serviceKeyKind.write(key, false))];
  yield ["before", writeState(before)];
  yield ["after", writeState(after)];
  if (held.length > 0) yield ["held", held.map((override) => overrideKind.write(override, false))];
}

function writeState({ services, timeouts, daemons }: DesiredState): JsonValue {
  return {
    ...(services && { services: services.map((entry) => entryKind.write(entry, false)) }),
    ...(timeouts && { timeouts: timeoutsKind.write(timeouts, false) }),
    ...(daemons && { daemons: daemons.map((daemon) => daemonKind.write(daemon, false)) }),
  };
}

/**
 * Throws a DocumentError where a state has a value that a document cannot have, and a TypeError where it is no state: one that
 * a program made may be anything.
 */
export function checkWritable(state: DesiredState): void {
  toState(partKind.read(writeState(state), ""));
}

/** Throws a DocumentError where what a plan finds in the table has a value that could not be read again. */
export function checkRecordable({ before }: Plan): void {
  try {
    checkWritable(before);
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    throw new DocumentError(`the table has a value that cannot be saved for undo: ${error.message}`);
  }
}

/** Reads a plan and checks it whole. Throws a DocumentError for the first fault. */
export function parsePlanBytes(bytes: Uint8Array): ReadPlan {
  const value = parseJsonBytes(bytes);
  if (!isObject(value) || value.before === undefined) {
    throw new DocumentError("the document is no plan; `ipvsadm diff --json` writes one");
  }
  const { changes, services, before, after } = planKind.read(value, "");
  const wanted = toState(after, "after.");
  // What was kept for undo was taken from a table, and not asked for.
  const faults = changes ? findDesiredFaults(wanted) : [];
  for (const { path, fault } of faults) throw new DocumentError(fault, `after.${path}`);
  return { ...(changes && { changes }), services, before: toState(before, "before."), after: wanted };
}

/** Whether a plan that was read lists these changes. What they cost may have changed: connections come and go. */
export function listsChanges({ changes }: ReadPlan, planned: readonly PlannedChange[]): boolean {
  const written = planned.map((change) => withoutCosts(writePlannedChange(change)));
  return isSame(changes?.map(withoutCosts), written);
}

/** Paths are not compared either: they are those of the file, or of the plan. */
function withoutCosts(change: JsonValue): JsonValue {
  return isObject(change) ? { ...change, costs: [], path: "" } : change;
}

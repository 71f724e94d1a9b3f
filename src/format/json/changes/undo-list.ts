/** What `ipvsadm undo --list --json` prints. */
import { headerKind } from "../document.js";
import type { Style } from "../json-style.js";
import { listOf, unicode } from "../kinds.js";
import { object, required } from "../objects.js";
import { renderObject } from "../render-json.js";

const undoEntryKind = object("a command that can be taken back", {
  id: required(unicode("text"), "ID for `ipvsadm undo`."),
  command: required(unicode("text"), "The command: `apply`."),
  time: required(unicode("text"), "When it changed the table: UTC, RFC 3339 with milliseconds."),
});

export const undoListKind = object("the list of commands that can be taken back", {
  ipvs: required(headerKind, "What the document is."),
  undo: required(listOf(undoEntryKind), "The commands, newest first."),
});

/** The list as JSON text in pieces. */
export function renderUndoList(
  { takenAt, undo }: { readonly takenAt: Date; readonly undo: Parameters<typeof undoListKind.write>[0]["undo"] },
  style: Style,
): Generator<string> {
  const { ipvs, undo: list } = undoListKind.write({ ipvs: { takenAt: takenAt.toISOString() }, undo }, true);
  return renderObject(Object.entries({ ipvs: ipvs ?? null, undo: list ?? [] }), style);
}

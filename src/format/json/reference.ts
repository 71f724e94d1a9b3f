import { drainEventKinds, rampEventKinds } from "./changes/drain-events.js";
import { eventKinds } from "./changes/events.js";
import { overridesKind } from "./changes/override-document.js";
import { planKind } from "./changes/plan-document.js";
import { resultKind } from "./changes/result-document.js";
import { undoListKind } from "./changes/undo-list.js";
import { connectionEventKinds } from "./connections/connection-events.js";
import { documentKind } from "./document.js";
import type { Member, ObjectDescription } from "./kinds.js";
import type { JsonValue } from "./parse-json.js";
import { renderValue } from "./render-json.js";

/** The lines of the tables of each reference page, one table per object, in Markdown. */
export const referencePages: Readonly<Record<string, () => Generator<string>>> = {
  "docs/json.md": renderReference,
  "docs/watch.md": () => renderBeyondDocument(eventKinds),
  "docs/connections.md": () => renderBeyondDocument(connectionEventKinds),
  "docs/plans.md": () =>
    renderBeyondDocument([
      planKind,
      resultKind,
      undoListKind,
      overridesKind,
      ...Object.values(drainEventKinds),
      ...Object.values(rampEventKinds),
    ]),
};

function* renderReference(): Generator<string> {
  for (const object of reachable([documentKind])) yield* renderTable(object, "If absent", renderAbsence);
}

/** Objects that the document has too are left out. */
function* renderBeyondDocument(kinds: readonly ObjectDescription[]): Generator<string> {
  const known = new Set(Array.from(reachable([documentKind]), ({ title }) => title));
  for (const object of reachable(kinds)) {
    if (!known.has(object.title)) yield* renderTable(object, "There", ({ presence }) => presence);
  }
}

function* renderTable(
  { title, members }: ObjectDescription,
  presence: string,
  renderPresence: (field: Member) => string,
): Generator<string> {
  const [first = "", ...rest] = title.replace(/^(a|an|the) /, "");
  yield `### ${first.toUpperCase()}${rest.join("")}`;
  yield "";
  yield `| Field | Value | ${presence} | Meaning |`;
  yield "|---|---|---|---|";
  for (const field of members) {
    yield `| \`${field.name}\` | ${field.kind.name.replaceAll("|", "\\|")} | ${renderPresence(field)} | ${field.description} |`;
  }
  yield "";
}

function renderAbsence({ presence, fallback, measured }: Member): string {
  if (measured) return "measured";
  if (fallback !== undefined) return `\`${renderValue(fallback as JsonValue)}\``;
  return presence === "always" ? "an error" : "";
}

/** Objects and all that are in them, each once, outer ones first. */
function reachable(roots: readonly ObjectDescription[]): Set<ObjectDescription> {
  const found = new Set(roots);
  for (const { members } of found) {
    for (const { kind } of members) for (const object of kind.objects ?? []) found.add(object);
  }
  return found;
}

import { eventKinds } from "./changes/events.js";
import { connectionEventKinds } from "./connections/connection-events.js";
import { documentKind } from "./document.js";
import type { Member, ObjectDescription } from "./kinds.js";
import type { JsonValue } from "./parse-json.js";
import { renderValue } from "./render-json.js";

/** The lines of the tables of the document's reference page, one table an object, in Markdown. */
export function* renderReference(): Generator<string> {
  for (const object of reachable([documentKind])) yield* renderTable(object, "If absent", renderAbsence);
}

/** The same for events of the table, without the objects that the document has too. */
export function renderEventReference(): Generator<string> {
  return renderEventTables(eventKinds);
}

/** The same for events of connections. */
export function renderConnectionEventReference(): Generator<string> {
  return renderEventTables(connectionEventKinds);
}

function* renderEventTables(kinds: readonly ObjectDescription[]): Generator<string> {
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

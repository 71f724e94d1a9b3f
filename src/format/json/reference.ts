import { document } from "./document.js";
import { events } from "./events.js";
import type { FieldDescription, ObjectDescription } from "./kinds.js";
import type { JsonValue } from "./parse-json.js";
import { renderValue } from "./render-json.js";

/** The lines of the tables of the document's reference page, one table an object, in Markdown. */
export function* renderReference(): Generator<string> {
  for (const object of reachable([document])) yield* renderTable(object, "If absent", renderAbsence);
}

/** The same for events, without the objects that the document has too. */
export function* renderEventReference(): Generator<string> {
  const known = reachable([document]);
  for (const object of reachable(events)) {
    if (!known.has(object)) yield* renderTable(object, "There", ({ presence }) => presence);
  }
}

function* renderTable(
  { title, fields }: ObjectDescription,
  presence: string,
  renderPresence: (field: FieldDescription) => string,
): Generator<string> {
  const [first = "", ...rest] = title.replace(/^(a|an|the) /, "");
  yield `### ${first.toUpperCase()}${rest.join("")}`;
  yield "";
  yield `| Field | Value | ${presence} | Meaning |`;
  yield "|---|---|---|---|";
  for (const [name, field] of Object.entries(fields)) {
    yield `| \`${name}\` | ${field.kind.name.replaceAll("|", "\\|")} | ${renderPresence(field)} | ${field.description} |`;
  }
  yield "";
}

function renderAbsence({ presence, fallback, measured }: FieldDescription): string {
  if (measured) return "measured";
  if (fallback !== undefined) return `\`${renderValue(fallback as JsonValue)}\``;
  return presence === "always" ? "an error" : "";
}

/** Objects and all that are in them, each once, outer ones first. */
function reachable(roots: readonly ObjectDescription[]): Set<ObjectDescription> {
  const found = new Set(roots);
  for (const { fields } of found) {
    for (const { kind } of Object.values(fields)) for (const object of kind.objects ?? []) found.add(object);
  }
  return found;
}

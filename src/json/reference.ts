import { document } from "./document.js";
import type { FieldDescription, ObjectDescription } from "./kinds.js";
import type { JsonValue } from "./parse.js";
import { renderValue } from "./render.js";

/** The lines of the reference page's tables, one table an object, in Markdown. */
export function* renderReference(): Generator<string> {
  for (const { title, fields } of reachable(document)) {
    const [first = "", ...rest] = title.replace(/^(a|an|the) /, "");
    yield `### ${first.toUpperCase()}${rest.join("")}`;
    yield "";
    yield "| Field | Value | If absent | Meaning |";
    yield "|---|---|---|---|";
    for (const [name, field] of Object.entries(fields)) {
      yield `| \`${name}\` | ${field.kind.name.replaceAll("|", "\\|")} | ${renderAbsence(field)} | ${field.description} |`;
    }
    yield "";
  }
}

function renderAbsence({ presence, fallback, measured }: FieldDescription): string {
  if (measured) return "measured";
  if (fallback !== undefined) return `\`${renderValue(fallback as JsonValue)}\``;
  return presence === "always" ? "an error" : "";
}

/** An object and all that are in it, each once, outer ones first. */
function reachable(root: ObjectDescription): Set<ObjectDescription> {
  const found = new Set([root]);
  for (const { fields } of found) {
    for (const { kind } of Object.values(fields)) for (const object of kind.objects ?? []) found.add(object);
  }
  return found;
}

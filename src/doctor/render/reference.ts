import type { Check } from "../check.js";
import { wrap } from "./wrap.js";

const pageWidth = 100;

/** The section of a check in the reference page, in Markdown. */
export function* renderSection(check: Check): Generator<string> {
  const { id, title, severity, role, methods, reads, rule, why, remedy, source } = check;
  const where = role === "director" ? "on a director" : "on a real server";
  const concerned = methods.length === 3 ? "every forwarding method" : methods.join(" and ");
  yield `### ${id}`;
  yield "";
  yield* wrap(`${title}: ${severity}, ${where}, for ${concerned}.`, pageWidth, "", "");
  yield "";
  const facts = { "Found when": rule, Why: why, "What to do": remedy, Reads: reads.join("; "), Source: source };
  for (const [name, text] of Object.entries(facts))
    yield* wrap(escapeMarkdown(text), pageWidth, `- **${name}:** `, "  ");
  yield "";
}

/** An asterisk stands for itself. */
function escapeMarkdown(text: string): string {
  return text.replaceAll("*", "\\*");
}

/** The sections of all checks. */
export function* renderCheckReference(checks: readonly Check[]): Generator<string> {
  for (const check of checks) yield* renderSection(check);
}

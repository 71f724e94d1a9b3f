import type { Check } from "../check.js";
import { wrap } from "./wrap.js";

const pageWidth = 100;

/** The section of a check in the reference page, in Markdown. */
function* renderSection(check: Check): Generator<string> {
  yield `### ${check.id}`;
  yield "";
  yield* wrap(summaryOf(check), pageWidth, "", "");
  yield "";
  for (const [name, text] of Object.entries(factsOf(check)))
    yield* wrap(escapeMarkdown(text), pageWidth, `- **${name}:** `, "  ");
  yield "";
}

/** The same for a terminal. */
export function* renderDescription(check: Check): Generator<string> {
  yield check.id;
  yield* wrap(summaryOf(check), pageWidth, "  ", "  ");
  yield "";
  for (const [name, text] of Object.entries(factsOf(check))) {
    yield* wrap(text, pageWidth, `  ${name}: `, "    ");
  }
}

function summaryOf({ title, severity, role, methods }: Check): string {
  const where = role === "director" ? "on a director" : "on a real server";
  const concerned = methods.length === 3 ? "every forwarding method" : methods.join(" and ");
  return `${title}: ${severity}, ${where}, for ${concerned}.`;
}

function factsOf({ rule, why, remedy, reads, source }: Check): Record<string, string> {
  return { "Found when": rule, Why: why, "What to do": remedy, Reads: reads.join("; "), Source: source };
}

/** An asterisk stands for itself. */
function escapeMarkdown(text: string): string {
  return text.replaceAll("*", "\\*");
}

/** The sections of all checks. */
export function* renderCheckReference(checks: readonly Check[]): Generator<string> {
  for (const check of checks) yield* renderSection(check);
}

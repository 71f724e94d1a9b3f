import type { Command, Outcome } from "./command.js";
import { departures } from "./departures.js";

/** How one command went for both programs. */
export interface Verdict {
  /** What differs, in lines for a report; none where the programs agree. */
  readonly differences: readonly string[];
  /** The deliberate departure that explains it. */
  readonly departure?: string;
}

export function compareOutcomes(command: Command, theirs: Outcome, ours: Outcome): Verdict {
  const plain = differencesOf(theirs, ours);
  if (plain.length === 0) return { differences: [] };
  for (const { name, expect } of departures) {
    const expected = expect(theirs, command);
    if (expected === undefined) continue;
    const fulfilled = typeof expected === "function" ? expected(ours) : differencesOf(expected, ours).length === 0;
    if (fulfilled) return { differences: [], departure: name };
  }
  return { differences: plain };
}

function differencesOf(theirs: Outcome, ours: Outcome): string[] {
  const lines: string[] = [];
  for (const field of ["status", "stdout", "stderr"] as const) {
    if (theirs[field] !== ours[field]) lines.push(...side(field, theirs[field], ours[field]));
  }
  if (ours.hung) lines.push("ours hung");
  return lines;
}

export function compareTables(theirs: string, ours: string): string[] {
  if (theirs === ours) return [];
  const [left, right] = [new Set(theirs.split("\n")), new Set(ours.split("\n"))];
  const only = (a: Set<string>, b: Set<string>) => [...a].filter((line) => !b.has(line)).join("\n");
  return side("kernel table", only(left, right), only(right, left));
}

function side(field: string, theirs: string | number, ours: string | number): string[] {
  return [`${field}, original: ${JSON.stringify(theirs)}`, `${field}, ours:     ${JSON.stringify(ours)}`];
}

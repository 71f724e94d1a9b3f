/** Compares what a page shows with what came out. `...` in a line is any text, a line `...` any lines. */

/** Without the spaces at the ends of lines, which nobody sees. */
export function toLines(output: string): string[] {
  const lines = output.split("\n").map((line) => line.trimEnd());
  while (lines.at(-1) === "") lines.pop();
  return lines;
}

const escaped = /[.*+?^${}()|[\]\\]/g;

/** Whether one line fits. */
export function lineMatches(expected: string, actual: string): boolean {
  if (!expected.includes("...")) return expected.trimEnd() === actual;
  const parts = expected
    .trimEnd()
    .split("...")
    .map((part) => part.replaceAll(escaped, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(actual);
}

/** The number of expected lines that fit from the beginning on; all of them, and no line too much: undefined. */
export function firstMismatch(expected: readonly string[], actual: readonly string[]): number | undefined {
  let furthest = 0;
  const fits = (at: number, from: number): boolean => {
    furthest = Math.max(furthest, at);
    if (at === expected.length) return from === actual.length;
    if (expected[at] === "...") {
      for (let next = from; next <= actual.length; next++) if (fits(at + 1, next)) return true;
      return false;
    }
    return from < actual.length && lineMatches(expected[at] ?? "", actual[from] ?? "") && fits(at + 1, from + 1);
  };
  return fits(0, 0) ? undefined : furthest;
}

/** What to write in place of the old lines: they stay if they fit, and each line that fits stays as it is. */
export function recordedLines(old: readonly string[], actual: readonly string[]): string[] {
  if (firstMismatch(old, actual) === undefined) return [...old];
  return actual.map((line, index) => {
    const before = old[index];
    return before !== undefined && before !== "..." && lineMatches(before, line) ? before : line;
  });
}

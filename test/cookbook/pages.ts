/** The files of docs/cookbook. */
import { readdirSync } from "node:fs";
import { fromRoot } from "../support/paths.js";

export const cookbook = fromRoot("docs/cookbook");
/** Pictures that no page describes as a table of steps. */
export const pictures = fromRoot("docs/pictures");

/** The recipes whose names contain one of the words; without words all of them. */
export function pagesNamed(words: readonly string[]): string[] {
  return readdirSync(cookbook)
    .filter((name) => name.endsWith(".md") && name !== "README.md")
    .filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
    .sort();
}

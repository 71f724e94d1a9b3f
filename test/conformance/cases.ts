import { readdirSync, readFileSync } from "node:fs";
import { fromRoot } from "../support/paths.js";
import type { Command } from "./command.js";

/** A sequence with a name: a difference once found, or what somebody really runs. */
export interface NamedCase {
  readonly name: string;
  /** Where it is from. */
  readonly source?: string;
  readonly commands: readonly Command[];
}

/** All cases of test/conformance/cases, one a line. */
export function readCases(): NamedCase[] {
  const folder = fromRoot("test/conformance/cases");
  const files = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
  return files.sort().flatMap((file) => {
    const lines = readFileSync(`${folder}/${file}`, "utf8").split("\n");
    return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as NamedCase);
  });
}

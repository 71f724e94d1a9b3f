import type { Effects } from "./effects.js";
import { encodeLines, readLines } from "./lines.js";
import { recognizeInput } from "./recognize.js";
import { runClassic, withClient } from "./run.js";

/** How the two scripts call ipvsadm, and so what its messages name. */
const programName = "ipvsadm";

const saveHelp = `ipvsadm-save: Script to save the IPVS table to stdout.
   With the -n option, prints out the table in numeric format.
`;

/** ipvsadm-save [-n] [--json]: prints what restores the table. Words that are no options are ignored. */
export function runSave(words: readonly string[], effects: Effects): Promise<number> {
  const options = words.filter((word) => word.startsWith("-"));
  if (options.some((option) => option !== "-n" && option !== "--json")) {
    effects.error(saveHelp);
    return Promise.resolve(1);
  }
  return runClassic(programName, ["-S", ...new Set(options)], effects);
}

/**
 * ipvsadm-restore: replaces the table by the rules on standard input, all of which is read before the table is cleared,
 * or by a JSON document, which is checked before too. Lines of rules that begin with `#` are comments. The exit status
 * is that of the last rule; arguments are ignored.
 */
export async function runRestore(effects: Effects): Promise<number> {
  const input = await recognizeInput(effects.input);
  if ("document" in input) {
    const { restoreDocument } = await import("./restore-document.js");
    return restoreDocument(input.document, "replace", (use) => withClient(effects, use), effects);
  }
  const rules: string[] = [];
  for await (const lines of readLines(input.lines)) rules.push(...lines.filter((line) => !line.startsWith("#")));
  await runClassic(programName, ["-C"], effects);
  return runClassic(programName, ["-R"], { ...effects, input: textInput(rules) });
}

async function* textInput(lines: readonly string[]): AsyncIterable<Uint8Array> {
  yield encodeLines(lines);
}

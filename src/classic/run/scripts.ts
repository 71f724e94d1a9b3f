import { programName } from "../../cli/program-name.js";
import type { Host } from "../../host/host.js";
import { mayHaveNamespace, takeScriptNamespace } from "../grammar/namespace-option.js";
import { encodeLines, readLines } from "../restore/byte-lines.js";
import { recognizeInput } from "../restore/input-kind.js";
import { runClassic, withClient } from "./classic.js";

const saveHelp = `ipvsadm-save: Script to save the IPVS table to stdout.
   With the -n option, prints out the table in numeric format.
`;

/** `ipvsadm-save [-n] [--json]`: prints input for a restore of the table. Other arguments are ignored. */
export function runSave(args: readonly string[], host: Host): Promise<number> {
  return inNamespace(args, host, saveHere);
}

/** Runs a script in the namespace that its --netns names, with its other arguments. */
async function inNamespace(
  args: readonly string[],
  host: Host,
  run: (args: readonly string[], host: Host) => Promise<number>,
): Promise<number> {
  if (!mayHaveNamespace(args)) return run(args, host);
  const { runInNamespace } = await import("./in-namespace.js");
  return runInNamespace(
    () => takeScriptNamespace(args),
    host,
    (rest) => run(rest, host),
  );
}

function saveHere(args: readonly string[], host: Host): Promise<number> {
  const options = args.filter((arg) => arg.startsWith("-"));
  if (options.some((option) => option !== "-n" && option !== "--json")) {
    host.stderr.write(saveHelp);
    return Promise.resolve(1);
  }
  return runClassic(programName, ["-S", ...new Set(options)], host);
}

/**
 * `ipvsadm-restore`: replaces the table with the rules on standard input, which is read to its end before the table is
 * cleared, or with a JSON document, which is checked first. Lines of rules that begin with `#` are comments. The exit
 * status is that of the last rule. With `--test` the input is only checked; other arguments are ignored.
 */
export function runRestore(args: readonly string[], host: Host): Promise<number> {
  return inNamespace(args, host, restoreHere);
}

async function restoreHere(args: readonly string[], host: Host): Promise<number> {
  if (args.includes("--test")) return (await import("../restore/test-restore.js")).testRestore("replace", host);
  const input = await recognizeInput(host.stdin);
  if ("document" in input) {
    const { restoreDocument } = await import("../restore/restore-document.js");
    return restoreDocument(input.document, "replace", (use) => withClient(host, use), host);
  }
  // Bytes, and not lines: there may be a great many.
  const rules: Uint8Array[] = [];
  for await (const lines of readLines(input.lines)) {
    rules.push(encodeLines(lines.filter((line) => !line.startsWith("#"))));
  }
  await runClassic(programName, ["-C"], host);
  return withClient(host, async (client) => {
    const { restoreRules } = await import("../restore/restore.js");
    return restoreRules(programName, inPieces(rules), client, host);
  });
}

async function* inPieces(pieces: Iterable<Uint8Array>): AsyncIterable<Uint8Array> {
  yield* pieces;
}

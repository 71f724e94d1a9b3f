import { exitStatus } from "../../cli/exit-status.js";
import { asUsageError, UsageError } from "../../cli/usage-error.js";
import type { Host } from "../../host/host.js";
import { batchSize } from "../../ipvs/batch-size.js";
import type { IpvsClient } from "../../ipvs/client.js";
import type { Change } from "../../model/change.js";
import type { Invocation } from "../grammar/invocation.js";
import { parseCommandLine } from "../grammar/parse.js";
import { renderHint } from "../grammar/usage.js";
import { type LineResult, runChanges, runParsed } from "../run/run-invocation.js";
import { readLines } from "./byte-lines.js";
import { PlainRuleReader } from "./fast/plain-rules.js";
import { recognizeInput } from "./input-kind.js";
import { isLostAtEnd, splitRestoreLine } from "./split-line.js";

/**
 * `-R`: runs every line of standard input and returns the exit status of the last one. Changes are sent without waiting
 * for the replies to earlier ones, which arrive in order; everything else waits for them. A mistake in a value, a refused
 * listing, help and version end the run; the lines before them have taken effect.
 */
export async function restore(programName: string, client: IpvsClient, host: Host): Promise<number> {
  const input = await recognizeInput(host.stdin);
  if ("document" in input) {
    const { restoreDocument } = await import("./restore-document.js");
    return restoreDocument(input.document, "add", (use) => use(client), host);
  }
  return restoreRules(programName, input.lines, client, host);
}

/** Runs lines of rules. */
export async function restoreRules(
  programName: string,
  input: AsyncIterable<Uint8Array>,
  client: IpvsClient,
  host: Host,
): Promise<number> {
  const context = { programName, resolver: host.resolver };
  const rules = new PlainRuleReader();
  let changes: Change[] = [];
  let status: number = exitStatus.success;
  const flush = async () => {
    if (changes.length === 0) return;
    status = await runChanges(changes, client, host);
    changes = [];
  };

  for await (const lines of readLines(input, (last) => !isLostAtEnd(last))) {
    for (const line of lines) {
      const rule = rules.read(line);
      if (rule !== undefined) {
        changes.push(rule);
        if (changes.length >= batchSize) await flush();
        continue;
      }
      const words = splitRestoreLine(line);
      if (words.length === 0) continue;
      const parsed = await parseCommandLine(words, context).catch(asUsageError);
      if (isChange(parsed)) {
        changes.push(parsed);
        if (changes.length >= batchSize) await flush();
      } else {
        await flush();
        const result =
          !(parsed instanceof UsageError) && parsed.command === "restore"
            ? refuseRestore(programName, host)
            : await runParsed(parsed, programName, client, host);
        status = result.status;
        if (result.endsRestore) return status;
      }
    }
    // Reading blocks the process, so finish what has arrived first.
    await flush();
  }
  return status;
}

/** Whether a line is a change of the table, and neither a mistake nor another command. */
export function isChange(parsed: Invocation | UsageError): parsed is Change {
  if (parsed instanceof UsageError) return false;
  return !["list", "save", "restore", "help", "version"].includes(parsed.command);
}

/** A restore within a restore is refused, and ends it. */
function refuseRestore(programName: string, host: Host): LineResult {
  host.stderr.write(`${renderHint(programName)}\n`);
  return { status: exitStatus.changeRefused, endsRestore: true };
}

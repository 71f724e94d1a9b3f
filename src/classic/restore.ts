import type { Change } from "../ipvs/change.js";
import type { IpvsClient } from "../ipvs/client.js";
import type { Effects } from "./effects.js";
import { change } from "./execute.js";
import { exitStatus } from "./exit-status.js";
import type { Invocation } from "./invocation.js";
import { readLines } from "./lines.js";
import { mostChanges } from "./most-changes.js";
import { parseCommandLine } from "./parse.js";
import { recognizeInput } from "./recognize.js";
import { splitRestoreLine } from "./restore-line.js";
import { Rules } from "./rules.js";
import { type Settlement, settle } from "./settle.js";
import { renderHint } from "./usage.js";
import { asUsageError, UsageError } from "./usage-error.js";

/**
 * -R: carries out every line of standard input and returns the exit status of the last. Changes are sent without
 * waiting for the answers to earlier ones, which the kernel gives in order; everything else waits for them. A fault of
 * a value, a refused listing, help and version end the run, with everything before them done.
 */
export async function restore(programName: string, client: IpvsClient, effects: Effects): Promise<number> {
  const input = await recognizeInput(effects.input);
  if ("document" in input) {
    const { restoreDocument } = await import("./restore-document.js");
    return restoreDocument(input.document, "add", (use) => use(client), effects);
  }
  const context = { programName, resolver: effects.resolver };
  const rules = new Rules();
  let changes: Change[] = [];
  let status: number = exitStatus.success;
  const carryOut = async () => {
    if (changes.length === 0) return;
    status = await change(changes, client, effects);
    changes = [];
  };

  for await (const lines of readLines(input.lines)) {
    for (const line of lines) {
      let parsed: Invocation | UsageError | undefined = rules.read(line);
      if (parsed === undefined) {
        const words = splitRestoreLine(line);
        if (words.length === 0) continue;
        parsed = await parseCommandLine(words, context).catch(asUsageError);
      }
      if (isChange(parsed)) {
        changes.push(parsed);
        if (changes.length >= mostChanges) await carryOut();
      } else {
        await carryOut();
        const step =
          !(parsed instanceof UsageError) && parsed.command === "restore"
            ? refuseRestore(programName, effects)
            : await settle(parsed, programName, client, effects);
        status = step.status;
        if (step.ends) return status;
      }
    }
    // To wait for more input is to do nothing else: what has come is done before.
    await carryOut();
  }
  return status;
}

function isChange(parsed: Invocation | UsageError): parsed is Change {
  if (parsed instanceof UsageError) return false;
  return !["list", "save", "restore", "help", "version"].includes(parsed.command);
}

/** A restore within a restore is refused, and ends it. */
function refuseRestore(programName: string, effects: Effects): Settlement {
  effects.error(`${renderHint(programName)}\n`);
  return { status: exitStatus.changeRefused, ends: true };
}

import type { IpvsClient } from "../ipvs/client.js";
import type { Effects } from "./effects.js";
import { execute } from "./execute.js";
import { exitStatus } from "./exit-status.js";
import { parseCommandLine } from "./parse.js";
import { renderInformation } from "./usage.js";
import { asUsageError, UsageError } from "./usage-error.js";

/** Parses a command line and carries it out on the kernel; returns its exit status. */
export async function carryOut(
  programName: string,
  words: readonly string[],
  client: IpvsClient,
  effects: Effects,
): Promise<number> {
  const parsed = await parseCommandLine(words, { programName, resolver: effects.resolver }).catch(asUsageError);
  if (parsed instanceof UsageError) {
    effects.error(`${parsed.message}\n`);
    return parsed.status;
  }
  switch (parsed.command) {
    case "help":
    case "version":
      effects.output(renderInformation(parsed.command, programName));
      return exitStatus.success;
    case "restore": {
      const { restore } = await import("./restore.js");
      return restore(programName, client, effects);
    }
    default:
      return execute(parsed, client, effects);
  }
}

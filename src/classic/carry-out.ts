import type { IpvsClient } from "../ipvs/client.js";
import type { Effects } from "./effects.js";
import { parseCommandLine } from "./parse.js";
import { settle } from "./settle.js";
import { asUsageError, UsageError } from "./usage-error.js";

/** Parses a command line and carries it out on the kernel; returns its exit status. */
export async function carryOut(
  programName: string,
  words: readonly string[],
  client: IpvsClient,
  effects: Effects,
): Promise<number> {
  const parsed = await parseCommandLine(words, { programName, resolver: effects.resolver }).catch(asUsageError);
  if (!(parsed instanceof UsageError) && parsed.command === "restore") {
    const { restore } = await import("./restore.js");
    return restore(programName, client, effects);
  }
  return (await settle(parsed, programName, client, effects)).status;
}

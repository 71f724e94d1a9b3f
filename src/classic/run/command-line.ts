import { asUsageError, UsageError } from "../../cli/usage-error.js";
import type { Host } from "../../host/host.js";
import type { IpvsClient } from "../../ipvs/client.js";
import { parseCommandLine } from "../grammar/parse.js";
import { runParsed } from "./run-invocation.js";

/** Parses a command line and runs it on the kernel; returns its exit status. */
export async function runCommandLine(
  programName: string,
  args: readonly string[],
  client: IpvsClient,
  host: Host,
): Promise<number> {
  const parsed = await parseCommandLine(args, { programName, resolver: host.resolver }).catch(asUsageError);
  if (!(parsed instanceof UsageError) && parsed.command === "restore") {
    const { restore } = await import("../restore/restore.js");
    return restore(programName, client, host);
  }
  return (await runParsed(parsed, programName, client, host)).status;
}

import type { IpvsClient } from "../ipvs/client.js";
import { IpvsError } from "../ipvs/errors.js";
import type { Effects } from "./effects.js";
import { execute } from "./execute.js";
import { exitStatus } from "./exit-status.js";
import { parseCommandLine } from "./parse.js";
import { renderInformation } from "./usage.js";
import { asUsageError, UsageError } from "./usage-error.js";

/**
 * Runs one command line of the old grammar and returns its exit status. As in the C program, a kernel that cannot be
 * reached is told before any fault of the command line; unlike there, help and version need no kernel.
 */
export async function runClassic(programName: string, words: readonly string[], effects: Effects): Promise<number> {
  const parsed = await parseCommandLine(words, { programName, resolver: effects.resolver }).catch(asUsageError);
  if (!(parsed instanceof UsageError) && (parsed.command === "help" || parsed.command === "version")) {
    effects.output(renderInformation(parsed.command, programName));
    return exitStatus.success;
  }

  return withClient(effects, async (client) => {
    if (parsed instanceof UsageError) {
      effects.error(`${parsed.message}\n`);
      return parsed.status;
    }
    if (parsed.command === "restore") {
      const { restore } = await import("./restore.js");
      return restore(programName, client, effects);
    }
    return execute(parsed, client, effects);
  });
}

/** Does something on a connection to the kernel and returns its exit status, or tells that there is none to be had. */
export async function withClient(effects: Effects, use: (client: IpvsClient) => Promise<number>): Promise<number> {
  const client = await effects.openClient().catch(asRefusal);
  if (client instanceof IpvsError) {
    effects.error(`Can't initialize ipvs: ${client.message}\n`);
    effects.error("Are you sure that IP Virtual Server is built in the kernel or as module?\n");
    return exitStatus.noKernel;
  }
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

function asRefusal(error: unknown): IpvsError {
  if (error instanceof IpvsError) return error;
  throw error;
}

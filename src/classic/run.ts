import type { IpvsClient } from "../ipvs/client.js";
import { IpvsError } from "../ipvs/errors.js";
import type { Effects } from "./effects.js";
import { exitStatus } from "./exit-status.js";
import { OptionReader } from "./tokenize.js";

/**
 * Runs one command line of the old grammar and returns its exit status. As in the C program, a kernel that cannot be
 * reached is told before any fault of the command line; unlike there, help and version need no kernel. What is needed only
 * behind that is loaded only then.
 */
export async function runClassic(programName: string, words: readonly string[], effects: Effects): Promise<number> {
  const information = readInformation(words);
  if (information !== undefined) {
    const { renderInformation } = await import("./usage.js");
    effects.output(renderInformation(information, programName));
    return exitStatus.success;
  }
  return withClient(effects, async (client) => {
    const { carryOut } = await import("./carry-out.js");
    return carryOut(programName, words, client, effects);
  });
}

/** The command of a line that asks for help or the version. */
function readInformation(words: readonly string[]): "help" | "version" | undefined {
  const first = new OptionReader(words).next();
  if (typeof first !== "object" || !("command" in first.definition)) return undefined;
  const { command } = first.definition;
  return command === "help" || command === "version" ? command : undefined;
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

import type { IpvsClient } from "../ipvs/client.js";
import type { Effects } from "./effects.js";
import { execute } from "./execute.js";
import { exitStatus } from "./exit-status.js";
import type { Invocation } from "./invocation.js";
import { renderInformation } from "./usage.js";
import { UsageError } from "./usage-error.js";

/** What became of a command line. */
export interface Settlement {
  readonly status: number;
  /** Whether a restore ends at this line. */
  readonly ends: boolean;
}

/** Deals with a command line, or its fault, that is no restore itself. */
export async function settle(
  parsed: Exclude<Invocation, { readonly command: "restore" }> | UsageError,
  programName: string,
  client: IpvsClient,
  effects: Effects,
): Promise<Settlement> {
  if (parsed instanceof UsageError) {
    effects.error(`${parsed.message}\n`);
    return { status: parsed.status, ends: parsed.endsRestore };
  }
  if (parsed.command === "help" || parsed.command === "version") {
    effects.output(renderInformation(parsed.command, programName));
    return { status: exitStatus.success, ends: true };
  }
  const status = await execute(parsed, client, effects);
  return { status, ends: status !== exitStatus.success };
}

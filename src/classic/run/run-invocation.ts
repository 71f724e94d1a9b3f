import { exitStatus } from "../../cli/exit-status.js";
import { UsageError } from "../../cli/usage-error.js";
import type { Host } from "../../host/host.js";
import type { IpvsClient } from "../../ipvs/client.js";
import { IpvsError } from "../../ipvs/ipvs-error.js";
import type { Change } from "../../model/change.js";
import { ProcError } from "../../proc/proc-error.js";
import type { Invocation, View } from "../grammar/invocation.js";
import { OptionError } from "../grammar/option-error.js";
import { renderInformation } from "../grammar/usage.js";

/** What became of one command line, which may be a line of a restore. */
export interface LineResult {
  readonly status: number;
  /** Whether a restore ends at this line. */
  readonly endsRestore: boolean;
}

/** Runs a parsed command line that is no restore itself, or reports what is wrong with it. */
export async function runParsed(
  parsed: Exclude<Invocation, { readonly command: "restore" }> | UsageError,
  programName: string,
  client: IpvsClient,
  host: Host,
): Promise<LineResult> {
  if (parsed instanceof UsageError) {
    host.stderr.write(`${parsed.message}\n`);
    return { status: parsed.status, endsRestore: !(parsed instanceof OptionError) };
  }
  if (parsed.command === "help" || parsed.command === "version") {
    host.stdout.write(renderInformation(parsed.command, programName));
    return { status: exitStatus.success, endsRestore: true };
  }
  const status = await runInvocation(parsed, client, host);
  return { status, endsRestore: status !== exitStatus.success };
}

function runInvocation(invocation: Change | View, client: IpvsClient, host: Host): Promise<number> {
  return invocation.command === "list" || invocation.command === "save"
    ? runView(invocation, client, host)
    : runChanges([invocation], client, host);
}

/** Makes changes, reports refusals in the order of the changes, and returns the exit status of the last change. */
export async function runChanges(changes: readonly Change[], client: IpvsClient, host: Host): Promise<number> {
  const outcomes = await client.change(changes);
  for (const refusal of outcomes) if (refusal !== undefined) host.stderr.write(`${refusal.message}\n`);
  return outcomes.at(-1) === undefined ? exitStatus.success : exitStatus.changeRefused;
}

async function runView(view: View, client: IpvsClient, host: Host): Promise<number> {
  const { show } = await import("./show.js");
  try {
    await show(view, client, host);
    return exitStatus.success;
  } catch (error) {
    if (!(error instanceof IpvsError || error instanceof ProcError)) throw error;
    host.stderr.writeText(`${error.message}\n`);
    return exitStatus.viewRefused;
  }
}

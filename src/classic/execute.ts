import type { Change } from "../ipvs/change.js";
import type { IpvsClient } from "../ipvs/client.js";
import { IpvsError } from "../ipvs/errors.js";
import { ProcError } from "../proc/errors.js";
import type { Effects } from "./effects.js";
import { exitStatus } from "./exit-status.js";
import type { View } from "./invocation.js";

/** Carries out a command on the kernel and returns its exit status; a refusal is printed. */
export function execute(invocation: Change | View, client: IpvsClient, effects: Effects): Promise<number> {
  return invocation.command === "list" || invocation.command === "save"
    ? view(invocation, client, effects)
    : change([invocation], client, effects);
}

/** Makes changes, prints the refusals in their order, and returns the exit status of the last. */
export async function change(changes: readonly Change[], client: IpvsClient, effects: Effects): Promise<number> {
  const outcomes = await client.change(changes);
  for (const refusal of outcomes) if (refusal !== undefined) effects.error(`${refusal.message}\n`);
  return outcomes.at(-1) === undefined ? exitStatus.success : exitStatus.changeRefused;
}

async function view(wanted: View, client: IpvsClient, effects: Effects): Promise<number> {
  const { show } = await import("./show.js");
  try {
    await show(wanted, client, effects);
    return exitStatus.success;
  } catch (error) {
    if (!(error instanceof IpvsError || error instanceof ProcError)) throw error;
    effects.error(`${error.message}\n`);
    return exitStatus.viewRefused;
  }
}

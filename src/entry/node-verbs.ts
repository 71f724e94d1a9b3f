/** The verbs on Node. Not in the bundle: with a second copy of a class, `instanceof` would not recognize its objects. */
import { runVerb } from "../commands/run.js";
import { systemHost } from "../host/system-host.js";
import { choosePlatform } from "./choose-platform.js";

/** Runs a verb and returns its exit status. `args` begin with its name. */
export async function runOnNode(args: readonly string[]): Promise<number> {
  const host = systemHost(await choosePlatform());
  const status = await runVerb(args, host);
  host.stdout.end();
  return status;
}

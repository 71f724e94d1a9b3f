import { exitStatus } from "../../cli/exit-status.js";
import { joinNetworkNamespace } from "../../cli/network-namespace.js";
import { UsageError } from "../../cli/usage-error.js";
import { VerbError } from "../../cli/verb-error.js";
import type { Host } from "../../host/host.js";
import type { NamespacedArgs } from "../grammar/namespace-option.js";

/**
 * Runs a program in the network namespace that `take` finds in its arguments, with its other arguments; returns the exit
 * status. A namespace that cannot be entered is reported like a kernel that cannot be reached.
 */
export async function runInNamespace(
  take: () => NamespacedArgs,
  host: Host,
  run: (args: readonly string[]) => Promise<number>,
): Promise<number> {
  let rest: readonly string[];
  try {
    const { namespace, args } = take();
    if (namespace !== undefined) await joinNetworkNamespace(namespace, host);
    rest = args;
  } catch (error) {
    if (error instanceof UsageError) {
      host.stderr.write(`${error.message}\n`);
      return error.status;
    }
    if (!(error instanceof VerbError)) throw error;
    host.stderr.writeText(`${error.message}\n`);
    return exitStatus.noKernel;
  }
  return run(rest);
}

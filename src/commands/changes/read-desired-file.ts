import { readDesired } from "../../classic/desired/read-desired.js";
import { UsageError } from "../../cli/usage-error.js";
import type { Host } from "../../host/host.js";
import type { DesiredState } from "../../model/desired.js";

/**
 * The desired state of a file; `-` is standard input, and a person at a terminal gets a note about that. Rejects with a
 * DocumentError, a FileError or a UsageError.
 */
export async function readDesiredFile(path: string, verb: string, host: Host): Promise<DesiredState> {
  if (path === "") throw new UsageError("-f takes the name of a file, and the one that is given is empty");
  if (path === "-") {
    if (await host.terminal.isInput()) {
      host.stderr.writeText(`ipvsadm ${verb}: reading the terminal until Ctrl-D; use -f FILE for a file\n`);
    }
    return readDesired(host.stdin, { resolver: host.resolver });
  }
  return readDesired(host.files.read(path), { name: path, resolver: host.resolver });
}

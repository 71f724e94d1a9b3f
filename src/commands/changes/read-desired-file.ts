import { readDesired } from "../../classic/desired/read-desired.js";
import type { Host } from "../../host/host.js";
import type { DesiredState } from "../../model/desired.js";

/** What a file says the table is to be; `-` is standard input. Rejects with a DocumentError or a FileError. */
export function readDesiredFile(path: string, host: Host): Promise<DesiredState> {
  if (path === "-") return readDesired(host.stdin, { resolver: host.resolver });
  return readDesired(host.files.read(path), { name: path, resolver: host.resolver });
}

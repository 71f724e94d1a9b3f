import type { Connection } from "../model/table.js";
import { parseConnections } from "../proc/proc-connections.js";
import type { ProcFiles } from "../proc/proc-files.js";

/** The connections, chunk by chunk. Throws a ProcError, or a ProcFormatError at a row that it does not know. */
export async function* readConnections(proc: ProcFiles): AsyncGenerator<Connection> {
  for (const connections of parseConnections(proc.readChunks("ip_vs_conn"))) {
    yield* connections;
    // Reading blocks: others get their turn between two chunks.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

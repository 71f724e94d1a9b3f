import { readBatches } from "../connections/read-batches.js";
import { completeConnectionFilter } from "../model/input/connection-filter-input.js";
import type { Connection } from "../model/table.js";
import { letOthersRun } from "../platform/clock.js";
import type { ProcFiles } from "../proc/proc-files.js";
import type { ConnectionsOptions } from "./options.js";

/**
 * The connections that fit, chunk by chunk. Throws a TypeError or a RangeError for a filter that cannot be right; the loop
 * throws a ProcError, or a ProcFormatError at a row that it does not know.
 */
export function readConnections(
  proc: ProcFiles,
  { filter = {}, origins = false }: ConnectionsOptions = {},
): AsyncGenerator<Connection> {
  return readEach(readBatches(proc, completeConnectionFilter(filter), { origins, engines: true }));
}

async function* readEach(batches: Iterable<readonly Connection[]>): AsyncGenerator<Connection> {
  for (const connections of batches) {
    yield* connections;
    // Reading blocks: others get their turn between two chunks.
    await letOthersRun();
  }
}

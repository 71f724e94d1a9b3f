import type { ConnectionFilter } from "../model/selection/connection-filter.js";
import type { Connection } from "../model/table.js";
import type { ConnectionsFile } from "../proc/proc-connections.js";
import type { ProcFiles } from "../proc/proc-files.js";
import { withOrigins } from "./origins.js";
import { type ConnectionVisitor, scanConnections } from "./scan.js";

/** What is to be known of a connection that only one of the two files has. */
export interface ConnectionDetails {
  /** Where it comes from. */
  readonly origins: boolean;
  /** What its persistence engine keeps. */
  readonly engines: boolean;
}

/** The file that has what the filter and the details need; undefined where that takes both. */
export function fileWith(filter: ConnectionFilter, details: ConnectionDetails): ConnectionsFile | undefined {
  const needsOrigins = details.origins || filter.origins.length > 0;
  const needsEngines = details.engines || filter.engines.length > 0;
  if (needsOrigins && needsEngines) return undefined;
  return needsOrigins ? "ip_vs_conn_sync" : "ip_vs_conn";
}

/**
 * The connections that fit, in the kernel's order: a batch for each chunk of a file, so that memory does not grow with the
 * table. Where both files are needed, they are read side by side. Throws a ProcError or a ProcFormatError.
 */
export function readBatches(
  proc: ProcFiles,
  filter: ConnectionFilter,
  details: ConnectionDetails,
): Generator<readonly Connection[]> {
  const file = fileWith(filter, details);
  if (file !== undefined) return batchesOfFile(proc, file, filter);
  const withoutOrigins = { ...filter, origins: [] };
  // What may be different a moment later, or is not in the other file, decides nothing there.
  const lasting = { ...withoutOrigins, states: [], notStates: [], expires: [], engines: [], templates: undefined };
  return withOrigins(
    batchesOfFile(proc, "ip_vs_conn", withoutOrigins),
    batchesOfFile(proc, "ip_vs_conn_sync", lasting),
    filter.origins,
  );
}

/**
 * Hands the connections that fit to the visitor, in the kernel's order: a chunk of a file at each step. Throws a ProcError
 * or a ProcFormatError.
 */
export function* visitConnections(
  proc: ProcFiles,
  filter: ConnectionFilter,
  details: ConnectionDetails,
  visitor: ConnectionVisitor,
): Generator<void> {
  const file = fileWith(filter, details);
  if (file !== undefined) {
    yield* scanConnections(proc, file, filter, visitor);
    return;
  }
  for (const batch of readBatches(proc, filter, details)) {
    for (const connection of batch) visitor.connection(connection);
    yield;
  }
}

function* batchesOfFile(
  proc: ProcFiles,
  file: ConnectionsFile,
  filter: ConnectionFilter,
): Generator<readonly Connection[]> {
  let batch: Connection[] = [];
  const visitor = {
    row: (row: { toConnection(): Connection }) => batch.push(row.toConnection()),
    connection: (connection: Connection) => batch.push(connection),
  };
  for (const _ of scanConnections(proc, file, filter, visitor)) {
    yield batch;
    batch = [];
  }
}

import type { ConnectionFilter } from "../model/selection/connection-filter.js";
import type { Connection, ConnectionOrigin } from "../model/table.js";
import type { ConnectionRow } from "../proc/fast/connection-row.js";
import type { ConnectionsFile } from "../proc/proc-connections.js";
import type { ProcFiles } from "../proc/proc-files.js";
import { identityOfLine, OriginReader } from "./origins.js";
import { type ConnectionVisitor, scanConnections } from "./scan.js";

/** The details of connections that a caller needs, each of which only one of the two files has. */
export interface ConnectionDetails {
  readonly origins: boolean;
  /** The data of persistence engines. */
  readonly engines: boolean;
}

/** The file that has what the filter and the details need; undefined where both are needed. */
function fileWith(filter: ConnectionFilter, details: ConnectionDetails): ConnectionsFile | undefined {
  const needsOrigins = details.origins || filter.origins.length > 0;
  const needsEngines = details.engines || filter.engines.length > 0;
  if (needsOrigins && needsEngines) return undefined;
  return needsOrigins ? "ip_vs_conn_sync" : "ip_vs_conn";
}

/**
 * The connections that fit, in the kernel's order: a batch for each chunk of a file, so that memory does not grow with the
 * table. Where both files are needed, they are read side by side. Throws a ProcError or a ProcFormatError.
 */
export function* readBatches(
  proc: ProcFiles,
  filter: ConnectionFilter,
  details: ConnectionDetails,
): Generator<readonly Connection[]> {
  let batch: Connection[] = [];
  const visitor = {
    row: (row: ConnectionRow) => batch.push(row.toConnection()),
    connection: (connection: Connection) => batch.push(connection),
  };
  for (const _ of visitConnections(proc, filter, details, visitor)) {
    yield batch;
    batch = [];
  }
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
  const withoutOrigins = { ...filter, origins: [] };
  // Without conditions on what may change in a moment, or is not in the other file.
  const lasting = { ...withoutOrigins, states: [], notStates: [], expires: [], engines: [], templates: undefined };
  const origins = new OriginReader(proc, lasting);
  try {
    for (const _ of scanConnections(
      proc,
      "ip_vs_conn",
      withoutOrigins,
      withOrigins(visitor, origins, filter.origins),
    )) {
      yield;
      // One read of each file at a time, so that their moments stay close.
      origins.readStep();
    }
    origins.readAll();
  } finally {
    origins.close();
  }
}

/** A visitor that adds their origins to connections, and hands on those with a wanted origin; all if none is named. */
function withOrigins(
  visitor: ConnectionVisitor,
  origins: OriginReader,
  wanted: readonly ConnectionOrigin[],
): ConnectionVisitor {
  const isWanted = (origin: ConnectionOrigin | undefined) =>
    wanted.length === 0 || (origin !== undefined && wanted.includes(origin));
  return {
    row(row) {
      row.origin = origins.take(row.readIdentity());
      if (isWanted(row.origin)) visitor.row(row);
    },
    connection(connection, line) {
      const origin = origins.take(identityOfLine(line));
      if (isWanted(origin)) visitor.connection(origin === undefined ? connection : { ...connection, origin }, line);
    },
  };
}

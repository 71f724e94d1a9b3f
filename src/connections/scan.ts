import { type ConnectionFilter, matchesConnection } from "../model/selection/connection-filter.js";
import type { Connection } from "../model/table.js";
import { ConnectionRow } from "../proc/fast/connection-row.js";
import { type ConnectionsFile, parseConnection, splitRows } from "../proc/proc-connections.js";
import { ProcFormatError } from "../proc/proc-error.js";
import type { ProcFiles } from "../proc/proc-files.js";
import { compileFilter } from "./fast/row-filter.js";

/** Takes the connections that fit, in the kernel's order: each by one of two methods. */
export interface ConnectionVisitor {
  /** Takes the usual ones, as rows. The row is valid only until this returns. */
  row(row: ConnectionRow): void;
  /** Takes the others, with their lines. */
  connection(connection: Connection, line: string): void;
}

const lineEnd = 0x0a;

/**
 * Hands the connections of a file that fit to the visitor, a chunk of the file at each step, so that memory does not grow
 * with the table, and other work can run in between. Throws a ProcError where the file cannot be read, and a
 * ProcFormatError at the first row that it does not know, whether it would fit or not.
 */
export function* scanConnections(
  proc: ProcFiles,
  file: ConnectionsFile,
  filter: ConnectionFilter,
  visitor: ConnectionVisitor,
): Generator<void> {
  const row = new ConnectionRow(file);
  const fits = compileFilter(filter);
  for (const bytes of splitRows(proc.readChunks(file), file)) {
    for (let start = 0; start < bytes.length; ) {
      if (row.scan(bytes, start)) {
        if (fits(row)) visitor.row(row);
        start = row.next;
        continue;
      }
      const end = bytes.indexOf(lineEnd, start);
      const line = Buffer.from(bytes.subarray(start, end < 0 ? bytes.length : end)).toString("latin1");
      // The kernel ends every row, so this one was cut off.
      if (end < 0) throw new ProcFormatError(file, line);
      const connection = parseConnection(line, file);
      if (matchesConnection(filter, connection)) visitor.connection(connection, line);
      start = end + 1;
    }
    yield;
  }
}

import type { ConnectionFilter } from "../model/selection/connection-filter.js";
import type { ConnectionOrigin } from "../model/table.js";
import type { ProcFiles } from "../proc/proc-files.js";
import { scanConnections } from "./scan.js";

/** At most so many origins are read ahead of the connections. */
const longestLead = 8192;
/** An origin that is so many rows behind belongs to a connection that was gone when the other file was read. */
const longestLag = 4096;

interface KnownOrigin {
  readonly origin: ConnectionOrigin | undefined;
  /** The position in its file. */
  readonly position: number;
}

/**
 * The origins of connections, for a caller that reads the file without them. Both files have the kernel's order, so it is
 * enough to hold a part of them. A connection that came or went between the readings of the two files may have none.
 */
export class OriginReader {
  readonly #steps: Generator<void>;
  /** By the part of a row that both files have. */
  readonly #ahead = new Map<string, KnownOrigin>();
  #position = 0;

  /** The filter must let through every connection whose origin is taken. */
  constructor(proc: ProcFiles, filter: ConnectionFilter) {
    const add = (identity: string, origin: ConnectionOrigin | undefined) =>
      this.#ahead.set(identity, { origin, position: this.#position++ });
    this.#steps = scanConnections(proc, "ip_vs_conn_sync", filter, {
      row: (row) => add(row.readIdentity(), row.origin),
      connection: ({ origin }, line) => add(identityOfLine(line), origin),
    });
  }

  /** Reads a chunk, unless there is a lead already; false at the end. Throws a ProcError or a ProcFormatError. */
  readStep(): boolean {
    return this.#ahead.size < longestLead && !this.#steps.next().done;
  }

  /** The origin of a connection, once. */
  take(identity: string): ConnectionOrigin | undefined {
    let known = this.#ahead.get(identity);
    while (known === undefined) {
      if (!this.readStep()) return undefined;
      known = this.#ahead.get(identity);
    }
    this.#ahead.delete(identity);
    this.#forgetBefore(known.position - longestLag);
    return known.origin;
  }

  /** Reads what is left, so that a fault in it is not passed over. */
  readAll(): void {
    while (!this.#steps.next().done);
  }

  /** Closes the file; nothing can be read after that. */
  close(): void {
    this.#steps.return(undefined);
  }

  #forgetBefore(position: number): void {
    for (const [identity, known] of this.#ahead) {
      if (known.position >= position) return;
      this.#ahead.delete(identity);
    }
  }
}

/** The same as `readIdentity` of a row: protocol and ends, with the blank after them. */
export function identityOfLine(line: string): string {
  return /^(?:\S+ +){7}/.exec(line)?.[0] ?? line;
}

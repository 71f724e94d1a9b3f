import type { Connection, ConnectionOrigin } from "../model/table.js";

/** Origins that are read ahead of the connections at most. */
const longestLead = 8192;
/** The files are read a moment apart: what the other has passed by so many rows will not come any more. */
const longestLag = 4096;

interface KnownOrigin {
  readonly origin: ConnectionOrigin | undefined;
  /** The position in its file. */
  readonly position: number;
}

/**
 * The connections with the origins that others of the same ends have, and of these only the ones whose origin is wanted
 * (none wanted: all). Both come in the kernel's order, which makes it enough to hold a part of them. A connection that has
 * come or gone between the readings of the two files may be left without an origin, and is then none that is wanted.
 */
export function* withOrigins(
  batches: Iterable<readonly Connection[]>,
  others: Iterable<readonly Connection[]>,
  wanted: readonly ConnectionOrigin[],
): Generator<readonly Connection[]> {
  const origins = new OriginReader(others);
  for (const batch of batches) {
    // One read of each file at a time, so that their moments stay close.
    origins.readBatch();
    const found: Connection[] = [];
    for (const connection of batch) {
      const origin = origins.take(connectionIdentity(connection));
      if (wanted.length > 0 && (origin === undefined || !wanted.includes(origin))) continue;
      found.push(origin === undefined ? connection : { ...connection, origin });
    }
    yield found;
  }
  origins.readAll();
}

class OriginReader {
  readonly #batches: Iterator<readonly Connection[]>;
  readonly #ahead = new Map<string, KnownOrigin>();
  #position = 0;

  constructor(batches: Iterable<readonly Connection[]>) {
    this.#batches = batches[Symbol.iterator]();
  }

  /** Reads a batch, unless there is a lead already; false at the end. */
  readBatch(): boolean {
    if (this.#ahead.size >= longestLead) return false;
    const next = this.#batches.next();
    if (next.done) return false;
    for (const connection of next.value) {
      this.#ahead.set(connectionIdentity(connection), { origin: connection.origin, position: this.#position++ });
    }
    return true;
  }

  /** The origin of a connection, once. */
  take(identity: string): ConnectionOrigin | undefined {
    while (!this.#ahead.has(identity)) if (!this.readBatch()) return undefined;
    const known = this.#ahead.get(identity);
    this.#ahead.delete(identity);
    if (known !== undefined) this.#forgetBefore(known.position - longestLag);
    return known?.origin;
  }

  /** Reads what is left, so that a fault in it is not passed over. */
  readAll(): void {
    while (!this.#batches.next().done);
  }

  #forgetBefore(position: number): void {
    for (const [identity, known] of this.#ahead) {
      if (known.position >= position) return;
      this.#ahead.delete(identity);
    }
  }
}

/** The text that stands for the protocol and the ends of a connection, one for one. */
export function connectionIdentity({ protocol, source, virtual, destination }: Connection): string {
  return [protocol, source, virtual, destination]
    .map((end) => (typeof end === "string" ? end : `${end.address} ${end.port}`))
    .join(" ");
}

import { identityOfLine } from "../../connections/origins.js";
import type { ConnectionVisitor } from "../../connections/scan.js";
import type { PresenceEvent, StateEvent } from "../../model/selection/connection-event.js";
import type { ConnectionFilter } from "../../model/selection/connection-filter.js";
import type { Connection, ConnectionOrigin } from "../../model/table.js";
import type { ConnectionRow } from "../../proc/fast/connection-row.js";
import { parseConnection } from "../../proc/proc-connections.js";

type WithoutStamp<T> = T extends unknown ? Omit<T, "seq" | "time"> : never;

/** What happened to a connection between two readings. */
export type ConnectionDiff = WithoutStamp<PresenceEvent | StateEvent>;

/** What is kept of a connection: a row becomes an object only for an event. */
interface Followed {
  state: string;
  seconds: number;
  origin: ConnectionOrigin | undefined;
  /** Undefined where its row was a usual one. */
  connection: Connection | undefined;
  /** The number of the last reading that had it. */
  reading: number;
}

/**
 * The connections of the last reading, to be compared with the next one. Between two reads of a file, the kernel finds its
 * place again by counting, so a reading may miss a connection or have it twice. A connection is therefore gone when two
 * readings in succession do not have it.
 */
export class FollowedConnections implements ConnectionVisitor {
  readonly #followed = new Map<string, Followed>();
  readonly #states = new Map<string, string>();
  #reading = 0;
  #diffs: ConnectionDiff[] = [];

  /** Only the states of `filter` count here, and decide which events there are; the caller applies the rest. */
  constructor(private readonly filter: Pick<ConnectionFilter, "states" | "notStates">) {}

  row(row: ConnectionRow): void {
    const identity = row.readIdentity();
    const state = this.#intern(row.readState());
    const followed = this.#followed.get(identity);
    if (followed === undefined) {
      const { seconds, origin } = row;
      this.#add(identity, { state, seconds, origin, connection: undefined, reading: this.#reading });
      return;
    }
    followed.seconds = row.seconds;
    followed.origin = row.origin;
    followed.connection = undefined;
    this.#update(identity, followed, state);
  }

  connection(connection: Connection, line: string): void {
    const identity = identityOfLine(line);
    const { state } = connection;
    const followed = this.#followed.get(identity);
    if (followed === undefined) {
      this.#add(identity, { state, seconds: 0, origin: undefined, connection, reading: this.#reading });
      return;
    }
    followed.connection = connection;
    this.#update(identity, followed, state);
  }

  /** Ends a reading. Returns what happened since the one before; connections that are gone come first. */
  finish(): ConnectionDiff[] {
    const gone: ConnectionDiff[] = [];
    for (const [identity, followed] of this.#followed) {
      if (followed.reading > this.#reading - 2) continue;
      if (this.#isWanted(followed.state)) gone.push({ event: "gone", connection: toConnection(identity, followed) });
      this.#followed.delete(identity);
    }
    const diffs = [...gone, ...this.#diffs];
    this.#diffs = [];
    this.#reading++;
    return diffs;
  }

  /** Gives up an incomplete reading: the connections that it had count, and no other is missing because of it. */
  abandon(): void {
    for (const followed of this.#followed.values()) followed.reading = this.#reading - 1;
  }

  /** The number of connections in wanted states. */
  count(): number {
    let count = 0;
    for (const { state } of this.#followed.values()) if (this.#isWanted(state)) count++;
    return count;
  }

  #add(identity: string, followed: Followed): void {
    this.#followed.set(identity, followed);
    // The first reading has nothing before it.
    if (this.#reading === 0 || !this.#isWanted(followed.state)) return;
    this.#diffs.push({ event: "new", connection: toConnection(identity, followed) });
  }

  #update(identity: string, followed: Followed, state: string): void {
    followed.reading = this.#reading;
    const oldState = followed.state;
    if (oldState === state) return;
    followed.state = state;
    if (!this.#isWanted(oldState) && !this.#isWanted(state)) return;
    this.#diffs.push({ event: "state", connection: toConnection(identity, followed), oldState });
  }

  #isWanted(state: string): boolean {
    const { states, notStates } = this.filter;
    return (states.length === 0 || states.includes(state)) && !notStates.includes(state);
  }

  /** One string for each state: there are few states and many connections. */
  #intern(state: string): string {
    const known = this.#states.get(state);
    if (known !== undefined) return known;
    this.#states.set(state, state);
    return state;
  }
}

/** `identity` is the part of a row up to its state. */
function toConnection(identity: string, { state, seconds, origin, connection }: Followed): Connection {
  return (
    connection ??
    parseConnection(`${identity}${state} ${origin === "sync" ? "SYNC" : "LOCAL"} ${seconds}`, "ip_vs_conn_sync")
  );
}

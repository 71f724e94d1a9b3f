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

/** What is kept of a connection: a row becomes an object only when there is an event of it. */
interface Followed {
  state: string;
  seconds: number;
  origin: ConnectionOrigin | undefined;
  connection: Connection | undefined;
  /** The reading that had it last. */
  reading: number;
}

/**
 * The connections of the last reading, and what the next one makes of them. The kernel finds the place where a read goes on
 * by counting, so that a reading may miss one or have one twice. A connection is therefore gone when two readings in
 * succession do not have it.
 */
export class FollowedConnections implements ConnectionVisitor {
  readonly #followed = new Map<string, Followed>();
  readonly #states = new Map<string, string>();
  #reading = 0;
  #diffs: ConnectionDiff[] = [];

  /** `filter` decides by states which events there are; everything else is decided before. */
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

  /** Ends a reading: what happened since the one before, what is gone first. */
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

  /** Gives up a reading that is not whole: what it had counts, what it did not have is not missing. */
  abandon(): void {
    for (const followed of this.#followed.values()) followed.reading = this.#reading - 1;
  }

  /** The number of connections in states that are wanted. */
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

/** `identity` is the part of a row up to its state, where there is no object. */
function toConnection(identity: string, { state, seconds, origin, connection }: Followed): Connection {
  return (
    connection ??
    parseConnection(`${identity}${state} ${origin === "sync" ? "SYNC" : "LOCAL"} ${seconds}`, "ip_vs_conn_sync")
  );
}

import type { ConnectionFilter } from "../model/selection/connection-filter.js";
import { type ConnectionGroup, type GroupKey, type GroupValues, groupOf } from "../model/selection/connection-group.js";
import type { Connection } from "../model/table.js";
import type { ConnectionRow } from "../proc/fast/connection-row.js";
import type { ProcFiles } from "../proc/proc-files.js";
import { RowKeys } from "./fast/row-key.js";
import { readBatches, visitConnections } from "./read-batches.js";
import type { ConnectionVisitor } from "./scan.js";

const noDetails = { origins: false, engines: false };

/** The number of connections that fit. Throws a ProcError or a ProcFormatError. */
export function countConnections(proc: ProcFiles, filter: ConnectionFilter): number {
  let count = 0;
  const add = () => {
    count++;
  };
  for (const _ of visitConnections(proc, filter, noDetails, { row: add, connection: add }));
  return count;
}

/** Whether a connection fits. Stops reading once one does. Throws a ProcError or a ProcFormatError. */
export function hasConnection(proc: ProcFiles, filter: ConnectionFilter): boolean {
  for (const batch of readBatches(proc, filter, noDetails)) {
    if (batch.length > 0) return true;
  }
  return false;
}

/**
 * The numbers of connections that fit, by group: the `most` largest groups, equal ones in the kernel's order. Memory grows
 * with the number of groups. Throws a ProcError or a ProcFormatError.
 */
export function countGroups(
  proc: ProcFiles,
  filter: ConnectionFilter,
  keys: readonly GroupKey[],
  most = Number.POSITIVE_INFINITY,
): ConnectionGroup[] {
  const groups = new GroupCounter(keys);
  const origins = keys.some(({ name }) => name === "origin");
  for (const _ of visitConnections(proc, filter, { ...noDetails, origins }, groups));
  return groups.largest(most);
}

class GroupCounter implements ConnectionVisitor {
  /** The groups of rows, by their keys. */
  readonly #ofRows = new Map<string, { count: number }>();
  /** The groups of other connections, by their values as JSON. */
  readonly #ofOthers = new Map<string, GroupCount>();
  readonly #rowKeys: RowKeys;

  constructor(private readonly keys: readonly GroupKey[]) {
    this.#rowKeys = new RowKeys(keys);
  }

  row(row: ConnectionRow): void {
    const key = this.#rowKeys.keyOf(row);
    const group = this.#ofRows.get(key);
    if (group === undefined) this.#ofRows.set(key, { count: 1 });
    else group.count++;
  }

  connection(connection: Connection): void {
    add(this.#ofOthers, { values: groupOf(connection, this.keys), count: 1 });
  }

  /** The largest groups; they become objects only here. */
  largest(most: number): ConnectionGroup[] {
    if (this.#ofOthers.size === 0) {
      return largestOf(this.#ofRows, most).map(([key, { count }]) => ({ values: this.#rowKeys.decode(key), count }));
    }
    const groups = new Map<string, GroupCount>();
    for (const [key, { count }] of this.#ofRows) add(groups, { values: this.#rowKeys.decode(key), count });
    for (const group of this.#ofOthers.values()) add(groups, group);
    return largestOf(groups, most).map(([, group]) => group);
  }
}

interface GroupCount {
  readonly values: GroupValues;
  count: number;
}

function add(groups: Map<string, GroupCount>, { values, count }: GroupCount): void {
  const name = JSON.stringify(values);
  const group = groups.get(name);
  if (group === undefined) groups.set(name, { values, count });
  else group.count += count;
}

function largestOf<T extends { readonly count: number }>(groups: ReadonlyMap<string, T>, most: number): [string, T][] {
  return [...groups].sort(([, a], [, b]) => b.count - a.count).slice(0, most);
}

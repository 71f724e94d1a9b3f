import { destinationKeyOf, serviceKeyOf } from "../../model/identity.js";
import type { KnownDestination, KnownEntry } from "../../model/known-table.js";
import { destinationSortKey, serviceSortKey, sortByKey } from "../../model/order.js";
import type { Measurement } from "../reading/details.js";
import type { Reading } from "../reading/reader.js";
import type { WatchedDestination } from "../reading/watched-table.js";
import { withoutTicks } from "./table-diff.js";

/**
 * All that a reading knows of the table, sorted as listings are, or in the kernel's order. Entries are made one by one,
 * since a large table has many.
 */
export function* takeSnapshot(
  { table, measurements }: Pick<Reading, "table" | "measurements">,
  sorted: boolean,
): Generator<KnownEntry> {
  const services = sorted ? sortByKey([...table], ([, { key }]) => serviceSortKey(key)) : table;
  for (const [identity, { key, facts, destinations }] of services) {
    const known = Array.from(destinations, ([name, destination]) =>
      toKnownDestination(destination, measurements.get(`${identity} ${name}`)),
    );
    yield {
      service: { ...serviceKeyOf(key), ...withoutTicks(facts, facts), ...measurements.get(identity) },
      destinations: sorted ? sortByKey(known, destinationSortKey) : known,
    };
  }
}

/** /proc writes a count that is below zero for a moment with its sign; netlink, and so the model, has it unsigned. */
function toKnownDestination(destination: WatchedDestination, measurement: Measurement | undefined): KnownDestination {
  return {
    ...destinationKeyOf(destination.key),
    ...destination.facts,
    activeConnections: destination.activeConnections >>> 0,
    inactiveConnections: destination.inactiveConnections >>> 0,
    ...measurement,
  };
}

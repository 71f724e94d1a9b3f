import { isSame } from "../../model/equality.js";
import type { DestinationKey, ServiceKey } from "../../model/table.js";
import type { WatchedDestination, WatchedService, WatchedTable } from "../reading/watched-table.js";

/** What differs between two readings. A service goes after its servers and comes before them. */
export type TableChange =
  | { readonly kind: "delete"; readonly service: ServiceKey; readonly destination?: DestinationKey }
  | { readonly kind: "add"; readonly service: WatchedService; readonly destination?: WatchedDestination }
  | {
      readonly kind: "change";
      readonly object: "service";
      readonly before: WatchedService;
      readonly after: WatchedService;
    }
  | {
      readonly kind: "change";
      readonly object: "destination";
      readonly service: ServiceKey;
      readonly before: WatchedDestination;
      readonly after: WatchedDestination;
    };

/** The changes that make the second table of the first: first what went, then what came or changed, in the kernel's order. */
export function* diffTables(before: WatchedTable, after: WatchedTable): Generator<TableChange> {
  for (const [identity, service] of before) {
    const now = after.get(identity);
    if (now === service) continue;
    for (const [name, destination] of service.destinations) {
      if (!now?.destinations.has(name)) yield { kind: "delete", service: service.key, destination: destination.key };
    }
    if (now === undefined) yield { kind: "delete", service: service.key };
  }
  for (const [identity, service] of after) {
    const old = before.get(identity);
    if (old === service) continue;
    if (old === undefined) yield { kind: "add", service };
    else if (!isSame(old.facts, service.facts)) {
      yield { kind: "change", object: "service", before: old, after: service };
    }
    for (const [name, destination] of service.destinations) {
      const known = old?.destinations.get(name);
      if (known === undefined) yield { kind: "add", service, destination };
      else if (!isSame(known.facts, destination.facts)) {
        yield { kind: "change", object: "destination", service: service.key, before: known, after: destination };
      }
    }
  }
}

import { changesBetween } from "../../model/changes/setting-changes.js";
import { isSame } from "../../model/equality.js";
import type { KnownServiceSettings } from "../../model/known-table.js";
import type { ServiceKey } from "../../model/table.js";
import type { DestinationDiff, ServiceDiff } from "../../model/watch-event.js";
import type { WatchedDestination, WatchedService, WatchedTable } from "../reading/watched-table.js";

export type TableDiff = ServiceDiff | DestinationDiff;

/**
 * The changes that turn the first table into the second: deletions, then additions and changes, in the kernel's order. A
 * service is deleted after its destinations and added before them.
 */
export function* diffTables(before: WatchedTable, after: WatchedTable): Generator<TableDiff> {
  for (const [identity, service] of before) {
    const now = after.get(identity);
    if (now === service) continue;
    for (const [name, destination] of service.destinations) {
      if (!now?.destinations.has(name)) {
        yield { event: "delete", object: "destination", service: service.key, destination: destination.key };
      }
    }
    if (now === undefined) yield { event: "delete", object: "service", service: service.key };
  }
  for (const [identity, service] of after) {
    const old = before.get(identity);
    if (old === service) continue;
    if (!isSame(old?.facts, service.facts)) yield diffService(old, service);
    for (const [name, destination] of service.destinations) {
      const known = old?.destinations.get(name);
      if (!isSame(known?.facts, destination.facts)) yield diffDestination(service.key, known, destination);
    }
  }
}

function diffService(before: WatchedService | undefined, { key, facts }: WatchedService): ServiceDiff {
  const subject = { object: "service", service: key } as const;
  const after = withoutTicks(facts, facts);
  if (before === undefined) return { event: "add", ...subject, changed: changesBetween({}, after), after };
  const old = withoutTicks(before.facts, facts);
  return { event: "change", ...subject, changed: changesBetween(old, after), before: old, after };
}

function diffDestination(
  service: ServiceKey,
  known: WatchedDestination | undefined,
  { key, facts: after }: WatchedDestination,
): DestinationDiff {
  const subject = { object: "destination", service, destination: key } as const;
  if (known === undefined) return { event: "add", ...subject, changed: changesBetween({}, after), after };
  const before = known.facts;
  return { event: "change", ...subject, changed: changesBetween(before, after), before, after };
}

/** The settings, with the timeout in ticks only where the one in seconds is not known now. */
export function withoutTicks(
  { timeoutTicks, ...settings }: KnownServiceSettings,
  now: KnownServiceSettings,
): KnownServiceSettings {
  const isNeeded = now.timeout === undefined && now.timeoutTicks !== undefined;
  return isNeeded && timeoutTicks !== undefined ? { ...settings, timeoutTicks } : settings;
}

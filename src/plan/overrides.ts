import type { PlannedChange } from "../model/changes/plan.js";
import type { DesiredService, DesiredState } from "../model/desired.js";
import { serviceIdentity } from "../model/identity.js";
import { type Override, type OverrideKey, overrideIdentity } from "../model/override.js";
import { fallbackFlagOf } from "../model/scheduler-flags.js";
import { isInRange } from "../model/selection/address-range.js";
import type { ServerTarget } from "../model/selection/server-target.js";
import type { Service } from "../model/table.js";

/**
 * Gives the desired services the weights that overrides hold, and the fallback flags that came with them. `held` are the
 * overrides that changed something in the desired state. An override of a server that does not exist yet holds nothing.
 */
export function holdWeights(
  current: readonly DesiredService[],
  desired: readonly DesiredService[],
  overrides: readonly Override[],
): { readonly services: readonly DesiredService[]; readonly held: readonly Override[] } {
  const standing = standingOverrides(overrides, { services: current }, true);
  if (standing.length === 0) return { services: desired, held: [] };
  const byServer = indexOverrides(standing);
  const held: Override[] = [];
  return { services: desired.map((entry) => holdEntry(entry, byServer, held)), held };
}

function holdEntry(
  { service, destinations }: DesiredService,
  overrides: ReadonlyMap<string, Override>,
  held: Override[],
): DesiredService {
  const overrideOf = (destination: OverrideKey["destination"]) =>
    overrides.get(overrideIdentity({ service, destination }));
  const found = destinations.flatMap((destination) => overrideOf(destination) ?? []);
  if (found.length === 0) return { service, destinations };
  const kept = found.some(({ addedFallback }) => addedFallback) ? withFallback(service) : service;
  return {
    service: kept,
    destinations: destinations.map((destination) => {
      const override = overrideOf(destination);
      if (override === undefined) return destination;
      if (override.weight !== destination.weight || kept !== service) held.push(override);
      return { ...destination, weight: override.weight };
    }),
  };
}

/** The service with the flag by which its scheduler passes over servers of weight 0; as it is where there is none. */
export function withFallback<S extends Service>(service: S): S {
  const flag = fallbackFlagOf(service.scheduler);
  if (flag === undefined || service.schedulerFlags.includes(flag)) return service;
  return { ...service, schedulerFlags: [...service.schedulerFlags, flag].sort() };
}

/** The service without that flag. */
export function withoutFallback<S extends Service>(service: S): S {
  const flag = fallbackFlagOf(service.scheduler);
  return { ...service, schedulerFlags: service.schedulerFlags.filter((one) => one !== flag) };
}

/** The overrides whose servers may exist. Without `isWhole` the state may lack services that exist. */
export function standingOverrides(
  overrides: readonly Override[],
  { services }: DesiredState,
  isWhole: boolean,
): readonly Override[] {
  if (overrides.length === 0 || services === undefined) return overrides;
  const held = new Set(overrides.map(({ service }) => serviceIdentity(service)));
  const existing = services.filter(({ service }) => held.has(serviceIdentity(service)));
  const read = new Set(existing.map(({ service }) => serviceIdentity(service)));
  const servers = new Set(
    existing.flatMap(({ service, destinations }) =>
      destinations.map((destination) => overrideIdentity({ service, destination })),
    ),
  );
  const standing = overrides.filter((one) =>
    read.has(serviceIdentity(one.service)) ? servers.has(overrideIdentity(one)) : !isWhole,
  );
  return standing.length === overrides.length ? overrides : standing;
}

/** The overrides that remain after the changes: a server that is deleted or given another weight is no longer held. */
export function remainingOverrides(
  overrides: readonly Override[],
  changes: readonly PlannedChange[],
): readonly Override[] {
  if (overrides.length === 0) return overrides;
  const ended = new Set<string>();
  const deleted = new Set<string>();
  const weights = new Map<string, number>();
  for (const change of changes) {
    if (change.object === "service" && change.after === undefined) deleted.add(serviceIdentity(change.service));
    if (change.object !== "destination") continue;
    if (change.after === undefined) ended.add(overrideIdentity(change));
    else if (change.before?.weight !== change.after.weight) weights.set(overrideIdentity(change), change.after.weight);
  }
  const remaining = overrides.filter((one) => {
    const identity = overrideIdentity(one);
    return (
      !deleted.has(serviceIdentity(one.service)) &&
      !ended.has(identity) &&
      (weights.get(identity) ?? one.weight) === one.weight
    );
  });
  return remaining.length === overrides.length ? overrides : remaining;
}

/** The overrides with others, which replace those of the same servers. */
export function withOverrides(overrides: readonly Override[], others: readonly Override[]): readonly Override[] {
  if (others.length === 0) return overrides;
  return [...withoutOverrides(overrides, others), ...others];
}

/** The overrides without those of some servers. */
export function withoutOverrides(overrides: readonly Override[], servers: readonly OverrideKey[]): readonly Override[] {
  const dropped = new Set(servers.map(overrideIdentity));
  return overrides.filter((one) => !dropped.has(overrideIdentity(one)));
}

/** The overrides by the identity of their server. */
export function indexOverrides(overrides: readonly Override[]): ReadonlyMap<string, Override> {
  return new Map(overrides.map((one) => [overrideIdentity(one), one]));
}

/** The overrides of the servers that a target means. */
export function overridesOf(overrides: readonly Override[], { service, range }: ServerTarget): readonly Override[] {
  const name = service && serviceIdentity(service);
  return overrides.filter(
    (one) => (name === undefined || serviceIdentity(one.service) === name) && isInRange(range, one.destination),
  );
}

/** The overrides of servers to which the changes give another weight. */
export function heldAgainst(overrides: readonly Override[], changes: readonly PlannedChange[]): readonly Override[] {
  const remaining = new Set(
    remainingOverrides(
      overrides,
      changes.filter(({ after }) => after !== undefined),
    ),
  );
  return overrides.filter((one) => !remaining.has(one));
}

import type { DesiredService, DesiredState } from "../model/desired.js";
import { destinationIdentity, serviceIdentity } from "../model/identity.js";
import type { Override } from "../model/override.js";
import type { Destination, ServiceKey } from "../model/table.js";
import { holdWeights } from "./overrides.js";

/** What a plan covers, and what it leaves alone. */
export interface PlanOptions {
  /** Only the services that this holds for, and neither timeouts nor daemons. */
  readonly only?: ((service: ServiceKey) => boolean) | undefined;
  /** Not the services that this holds for. */
  readonly ignore?: ((service: ServiceKey) => boolean) | undefined;
  /** Deletes services that are not desired (default true). Destinations of a desired service are always deleted. */
  readonly prune?: boolean | undefined;
  /** Destinations that stay keep their weight. */
  readonly keepWeights?: boolean | undefined;
  /** Leaves weights alone that a drain, a ramp or somebody holds (default true). */
  readonly overrides?: boolean | undefined;
}

/** Two states that differ only in what a plan may change. */
export interface States {
  readonly current: DesiredState;
  readonly desired: DesiredState;
}

/** States with the held weights in the desired one, and the overrides that changed something in it. */
export interface HeldStates extends States {
  readonly held: readonly Override[];
}

/** Removes from both states what the options and the overrides leave alone. */
export function narrowStates(states: States, options: PlanOptions, overrides: readonly Override[] = []): HeldStates {
  const { current, desired } = narrowServices(states, options);
  if (desired.services === undefined) return { current, desired, held: [] };
  const existing = current.services ?? [];
  const { services, held } = holdWeights(existing, desired.services, options.overrides === false ? [] : overrides);
  const kept = options.keepWeights ? withWeightsOf(existing, services) : services;
  return { current, desired: { ...desired, services: kept }, held };
}

function narrowServices({ current, desired }: States, options: PlanOptions): States {
  const { only, ignore, prune = true } = options;
  const isChosen = ({ service }: DesiredService) => {
    // Both functions get every service, since they may count what they select.
    const [isMeant, isIgnored] = [only?.(service) ?? true, ignore?.(service) ?? false];
    return isMeant && !isIgnored;
  };
  const wanted = desired.services?.filter(isChosen);
  const existing = current.services?.filter(isChosen);
  const spoken = new Set(wanted?.map(({ service }) => serviceIdentity(service)));
  const kept = prune ? existing : existing?.filter(({ service }) => spoken.has(serviceIdentity(service)));
  const { timeouts, daemons } = only ? {} : desired;
  return {
    current: { ...current, ...(kept && { services: kept }) },
    desired: { ...(wanted && { services: wanted }), ...(timeouts && { timeouts }), ...(daemons && { daemons }) },
  };
}

function withWeightsOf(current: readonly DesiredService[], desired: readonly DesiredService[]): DesiredService[] {
  const known = new Map(current.map((entry) => [serviceIdentity(entry.service), entry]));
  return desired.map(({ service, destinations }) => {
    const existing = known.get(serviceIdentity(service))?.destinations ?? [];
    const weights = new Map(existing.map((one) => [destinationIdentity(one), one.weight]));
    const withWeight = (one: Destination) => ({ ...one, weight: weights.get(destinationIdentity(one)) ?? one.weight });
    return { service, destinations: destinations.map(withWeight) };
  });
}

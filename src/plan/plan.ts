import type { Plan } from "../model/changes/plan.js";
import type { DesiredService, DesiredState } from "../model/desired.js";
import { serviceIdentity, serviceKeyOf } from "../model/identity.js";
import type { ServiceKey } from "../model/table.js";
import { type Difference, findDifference, modulesOf } from "./difference.js";
import { type Step, toPhases } from "./steps.js";

/** A plan with its changes, by phase: a phase begins only when the one before it succeeded. */
export interface PhasedPlan extends Plan {
  readonly phases: readonly (readonly Step[])[];
}

/** The plan that turns the current state into the desired one, which has the same parts. */
export function makePlan(current: DesiredState, desired: DesiredState): PhasedPlan {
  const difference = findDifference(desired, current, "replace");
  const services = touchedServices(difference);
  const touched = new Set(services.map(serviceIdentity));
  const areTimeoutsSet = difference.timeouts.length > 0;
  const areDaemonsChanged = difference.startedDaemons.length + difference.stoppedDaemons.length > 0;
  const narrow = (state: DesiredState): DesiredState => ({
    ...(touched.size > 0 && { services: onlyTouched(state.services ?? [], touched) }),
    ...(areTimeoutsSet && state.timeouts && { timeouts: state.timeouts }),
    ...(areDaemonsChanged && state.daemons && { daemons: state.daemons }),
  });
  const before = narrow(current);
  // Only of the touched services, so that the plan is the same whether it is made from the whole table or from these.
  const usedModules = new Set((before.services ?? []).flatMap(({ service }) => modulesOf(service)));
  return { services, before, after: narrow(desired), phases: toPhases({ ...difference, usedModules }) };
}

/** Whether a plan changes nothing. */
export function isEmpty({ phases }: PhasedPlan): boolean {
  return phases.length === 0;
}

function touchedServices(difference: Difference): ServiceKey[] {
  const touched = new Map<string, ServiceKey>();
  const touch = (key: ServiceKey) => touched.set(serviceIdentity(key), serviceKeyOf(key));
  for (const { service } of difference.addedServices) touch(service);
  for (const { after } of difference.editedServices) touch(after);
  for (const { service } of difference.deletedServices) touch(service);
  for (const { service } of difference.addedDestinations) touch(service);
  for (const { service } of difference.editedDestinations) touch(service);
  for (const { service } of difference.deletedDestinations) touch(service);
  return [...touched.values()];
}

function onlyTouched(services: readonly DesiredService[], touched: ReadonlySet<string>): DesiredService[] {
  return services.filter(({ service }) => touched.has(serviceIdentity(service)));
}

import type { Change } from "../model/change.js";
import type { DesiredState } from "../model/desired.js";
import { runsAs } from "../model/equality.js";
import { destinationKeyOf, serviceKeyOf } from "../model/identity.js";
import type { Daemon, Destination, Family, Service } from "../model/table.js";
import { type AddedService, type Difference, type KeptService, modulesOf } from "./difference.js";

/** One change, and the part of the desired state that asks for it: `services[3].destinations[0]`. */
export interface Step {
  readonly path: string;
  readonly change: Change;
}

/**
 * The steps that make the difference, in an order in which clients notice as little as possible. The kernel makes the
 * changes of one socket in order, so what clients can see is a prefix of the steps. At every prefix
 *
 * - a service that is there before and after is there,
 * - a service that has a destination with a weight above 0 before and after has one,
 * - nothing that stays has been deleted.
 *
 * Daemons stop first and start last, since the kernel takes no destination of another family than its service's while one
 * runs (ip_vs_ctl.c, ip_vs_genl_set_cmd). What can fail because a kernel module is missing comes before anything is lost.
 */
export function* planSteps(difference: Difference): Generator<Step> {
  const { added, kept, removed, modules, timeouts, stopped, started } = difference;
  const needsModule = ({ service }: { readonly service: Service }) =>
    modulesOf(service).some((name) => !modules.has(name));

  for (const { state, syncId } of stopped) yield { path: "daemons", change: { command: "stop-daemon", state, syncId } };
  for (const service of added.filter(needsModule)) yield* addService(service);
  yield* editServices(kept, "module");
  for (const service of added.filter((one) => !needsModule(one))) yield* addService(service);
  yield* editServices(kept, "early");
  for (const { service, added } of kept) {
    for (const { path, destination } of added) yield addDestination(path, service, destination);
  }
  yield* editDestinations(kept, (before, after) => !isReduced(before, after));
  yield* editDestinations(kept, isReduced);
  yield* deleteDestinations(kept);
  yield* editServices(kept, "late");
  yield* deleteServices(removed.map(({ service }) => service));
  if (timeouts !== undefined) yield { path: "timeouts", change: { command: "set-timeouts", timeouts } };
  for (const { path, daemon } of started) yield { path, change: { command: "start-daemon", daemon } };
}

/**
 * The steps that add all of a desired state to a table, whatever there is. What is there already will be refused. A daemon
 * that runs as desired is left running.
 */
export function* planAdditions(desired: DesiredState, running: readonly Daemon[]): Generator<Step> {
  const { services = [], timeouts, daemons = [] } = desired;
  if (timeouts !== undefined) yield { path: "timeouts", change: { command: "set-timeouts", timeouts } };
  for (const [index, { service, destinations }] of services.entries()) {
    const path = `services[${index}]`;
    yield { path, change: { command: "add-service", service } };
    for (const [position, destination] of destinations.entries()) {
      yield addDestination(`${path}.destinations[${position}]`, service, destination);
    }
  }
  for (const [index, daemon] of daemons.entries()) {
    if (running.some((one) => runsAs(one, daemon))) continue;
    yield { path: `daemons[${index}]`, change: { command: "start-daemon", daemon } };
  }
}

/** A service, immediately followed by its destinations: until the first of them, clients are refused. */
function* addService({ path, service, destinations }: AddedService): Generator<Step> {
  yield { path, change: { command: "add-service", service } };
  for (const { path, destination } of destinations) yield addDestination(path, service, destination);
}

function addDestination(path: string, service: Service, destination: Destination): Step {
  return { path, change: { command: "add-destination", service, destination } };
}

/** When a service is edited: with the steps that may need a kernel module, before its destinations change, or after. */
type EditTime = "module" | "early" | "late";

function editTime(before: Service, after: Service): EditTime {
  if (before.scheduler !== after.scheduler || before.engine !== after.engine) return "module";
  // The first flag of sh and mh is the fallback for clients of destinations without weight: it goes when those are gone.
  const losesFlags = before.schedulerFlags.some((flag) => !after.schedulerFlags.includes(flag));
  return losesFlags ? "late" : "early";
}

function* editServices(kept: readonly KeptService[], time: EditTime): Generator<Step> {
  for (const { path, service, before } of kept) {
    if (before === undefined || editTime(before, service) !== time) continue;
    yield { path, change: { command: "edit-service", service } };
  }
}

/** Whether a destination is to get fewer connections than before: the weight decides, and where it stays the threshold. */
function isReduced(before: Destination, after: Destination): boolean {
  if (after.weight !== before.weight) return after.weight < before.weight;
  const limit = ({ upperThreshold }: Destination) => upperThreshold || Number.POSITIVE_INFINITY;
  return limit(after) < limit(before);
}

function* editDestinations(
  kept: readonly KeptService[],
  isDue: (before: Destination, after: Destination) => boolean,
): Generator<Step> {
  for (const { service, edited } of kept) {
    for (const { path, before, destination } of edited) {
      if (isDue(before, destination)) yield { path, change: { command: "edit-destination", service, destination } };
    }
  }
}

function* deleteDestinations(kept: readonly KeptService[]): Generator<Step> {
  for (const { path, service, removed } of kept) {
    for (const destination of removed) {
      const key = { service: serviceKeyOf(service), destination: destinationKeyOf(destination) };
      yield { path, change: { command: "delete-destination", ...key } };
    }
  }
}

/**
 * With the last service of a family the kernel takes its hooks away, and packets of living connections reach the local
 * stack, which resets them (ip_vs_ctl.c, ip_vs_unlink_service). So one service of each family goes last.
 */
function* deleteServices(removed: readonly Service[]): Generator<Step> {
  const last = new Map<Family, Service>(removed.map((service) => [service.family, service]));
  const isLast = (service: Service) => last.get(service.family) === service;
  for (const service of [...removed.filter((one) => !isLast(one)), ...removed.filter(isLast)]) {
    yield { path: "services", change: { command: "delete-service", service: serviceKeyOf(service) } };
  }
}

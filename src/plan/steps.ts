import type { Change } from "../model/change.js";
import { hasFallback } from "../model/scheduler-flags.js";
import type { Destination, Service } from "../model/table.js";
import { type Difference, type Edit, modulesOf, type PlanMode } from "./difference.js";

/** A change, and the part of a document that it is for: `services[3].destinations[0]`. */
export interface Step {
  readonly path: string;
  readonly change: Change;
}

type Phase = (difference: Difference) => Iterable<Step>;

/**
 * The order of the changes, for the whole table. The kernel makes them one by one, so clients meet every table in between.
 * Each of these has every service that stays. Such a service has a server of weight above 0 if it has one before and after;
 * the same holds for such a server without an upper threshold.
 */
const phases: Readonly<Record<PlanMode, readonly Phase[]>> = {
  replace: [
    // While a daemon runs, the kernel accepts no server of a family other than its service's.
    stopDaemons,
    // The module of a scheduler or persistence engine may be missing: that shows while nothing is lost yet.
    addServices("first"),
    editServices("first"),
    addServices("then"),
    // Before weights fall to 0, since a scheduler may get the flag with which it passes over such servers.
    editServices("then"),
    addDestinations,
    editDestinations("raise"),
    editDestinations("lower"),
    deleteDestinations,
    // After the servers of weight 0 are gone, since a scheduler may lose that flag.
    editServices("last"),
    deleteServices,
    setTimeouts,
    // The kernel starts no daemon while there is a server of another family.
    startDaemons,
  ],
  add: [setTimeouts, addEveryService, startDaemons],
};

/** The changes that make the difference, in the order in which they do the least harm. */
export function* toSteps(difference: Difference, mode: PlanMode): Generator<Step> {
  for (const phase of phases[mode]) yield* phase(difference);
}

/**
 * The same steps by phase: those of a later phase rely on the earlier phases, and those of one phase do not rely on each
 * other, except that the servers of a new service rely on it.
 */
export function toPhases(difference: Difference): Step[][] {
  return phases.replace.map((phase) => [...phase(difference)]).filter((steps) => steps.length > 0);
}

function* stopDaemons({ stoppedDaemons }: Difference): Generator<Step> {
  for (const { path, daemon } of stoppedDaemons) {
    yield { path, change: { command: "stop-daemon", state: daemon.state, syncId: daemon.syncId } };
  }
}

/** Each service is followed by its servers at once: without them it refuses its clients. */
function* addEveryService({ addedServices }: Pick<Difference, "addedServices">): Generator<Step> {
  for (const { path, service, destinations } of addedServices) {
    yield { path, change: { command: "add-service", service } };
    for (const [index, destination] of destinations.entries()) {
      const change = { command: "add-destination", service, destination } as const;
      yield { path: `${path}.destinations[${index}]`, change };
    }
  }
}

function addServices(turn: "first" | "then"): Phase {
  return (difference) => {
    const isFirst = turn === "first";
    const added = difference.addedServices.filter(({ service }) => needsModule(service, difference) === isFirst);
    return addEveryService({ addedServices: added });
  };
}

function editServices(turn: "first" | "then" | "last"): Phase {
  return (difference) =>
    difference.editedServices
      .filter((edit) => turnOf(edit, difference) === turn)
      .map(({ path, after: service }) => ({ path, change: { command: "edit-service", service } }));
}

function turnOf(edit: Edit<Service>, difference: Difference): "first" | "then" | "last" {
  if (losesFallback(edit)) return "last";
  return needsModule(edit.after, difference) ? "first" : "then";
}

/** Whether the service needs a module that no service uses yet. */
function needsModule(service: Service, { usedModules }: Difference): boolean {
  return modulesOf(service).some((module) => !usedModules.has(module));
}

/** Whether the same scheduler will no longer pass over servers of weight 0, whose clients it then refuses. */
function losesFallback({ before, after }: Edit<Service>): boolean {
  return before.scheduler === after.scheduler && hasFallback(before) && !hasFallback(after);
}

function* addDestinations({ addedDestinations }: Difference): Generator<Step> {
  for (const { path, service, destination } of addedDestinations) {
    yield { path, change: { command: "add-destination", service, destination } };
  }
}

function editDestinations(direction: "raise" | "lower"): Phase {
  return ({ editedDestinations }) =>
    editedDestinations
      .filter((edit) => isReduction(edit) === (direction === "lower"))
      .map(({ path, service, after: destination }) => ({
        path,
        change: { command: "edit-destination", service, destination },
      }));
}

/**
 * Whether a server will take less than before. A limit counts for more than a weight: servers without one have to be there
 * before others get one, whatever becomes of their shares.
 */
function isReduction({ before, after }: Edit<Destination>): boolean {
  const [open, stays] = [before.weight > 0, after.weight > 0];
  if (open !== stays || !open) return open;
  if (limitOf(before) !== limitOf(after)) return limitOf(after) < limitOf(before);
  return after.weight < before.weight;
}

function limitOf({ upperThreshold }: Destination): number {
  return upperThreshold || Number.POSITIVE_INFINITY;
}

function* deleteDestinations({ deletedDestinations }: Difference): Generator<Step> {
  for (const { path, service, destination } of deletedDestinations) {
    yield { path, change: { command: "delete-destination", service, destination } };
  }
}

/** With the last service of a family the kernel removes its hooks, and resets the connections that there are. */
function* deleteServices({ deletedServices }: Difference): Generator<Step> {
  const lastOfFamily = new Set(new Map(deletedServices.map((deleted) => [deleted.service.family, deleted])).values());
  for (const deleted of [...deletedServices.filter((one) => !lastOfFamily.has(one)), ...lastOfFamily]) {
    yield { path: deleted.path, change: { command: "delete-service", service: deleted.service } };
  }
}

function* setTimeouts({ timeouts }: Difference): Generator<Step> {
  for (const { path, timeouts: wanted } of timeouts) {
    yield { path, change: { command: "set-timeouts", timeouts: wanted } };
  }
}

function* startDaemons({ startedDaemons }: Difference): Generator<Step> {
  for (const { path, daemon } of startedDaemons) yield { path, change: { command: "start-daemon", daemon } };
}

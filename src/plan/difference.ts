import type { DesiredService, DesiredState } from "../model/desired.js";
import { hasSameDestinationSettings, hasSameSettings, isSame, runsAs } from "../model/equality.js";
import { destinationIdentity, serviceIdentity } from "../model/identity.js";
import type { Daemon, Destination, Service, Timeouts } from "../model/table.js";

/** The table as it is. Only the parts that somebody desires something of have to be read. */
export type CurrentState = DesiredState;

/** A service that is to be new, with its destinations. `path` names its place in the desired state: `services[3]`. */
export interface AddedService {
  readonly path: string;
  readonly service: Service;
  readonly destinations: readonly AddedDestination[];
}

export interface AddedDestination {
  readonly path: string;
  readonly destination: Destination;
}

export interface EditedDestination extends AddedDestination {
  readonly before: Destination;
}

/** What differs in a service that stays. */
export interface KeptService {
  readonly path: string;
  readonly service: Service;
  /** What the service was, where its settings differ. */
  readonly before: Service | undefined;
  readonly added: readonly AddedDestination[];
  readonly edited: readonly EditedDestination[];
  readonly removed: readonly Destination[];
}

/** What has to change for a table to become the desired one. */
export interface Difference {
  readonly added: readonly AddedService[];
  readonly kept: readonly KeptService[];
  readonly removed: readonly DesiredService[];
  /** Schedulers and persistence engines in use, whose modules the kernel has loaded. */
  readonly modules: ReadonlySet<string>;
  readonly timeouts: Timeouts | undefined;
  readonly stopped: readonly Daemon[];
  readonly started: readonly { readonly path: string; readonly daemon: Daemon }[];
}

/**
 * Compares identity and settings, never what the kernel measures. Parts that are not desired are not compared, and services
 * that differ in nothing are not mentioned.
 */
export function findDifference(desired: DesiredState, current: CurrentState): Difference {
  const services = compareServices(desired.services, current.services ?? []);
  const { timeouts, daemons } = desired;
  const running = current.daemons ?? [];
  const isWanted = (one: Daemon) => daemons?.some((daemon) => runsAs(one, daemon)) ?? true;
  return {
    ...services,
    modules: new Set((current.services ?? []).flatMap(({ service }) => modulesOf(service))),
    timeouts: timeouts && !isSame(timeouts, current.timeouts) ? timeouts : undefined,
    stopped: running.filter((one) => !isWanted(one)),
    started: (daemons ?? [])
      .map((daemon, index) => ({ path: `daemons[${index}]`, daemon }))
      .filter(({ daemon }) => !running.some((one) => runsAs(one, daemon))),
  };
}

/** The names of the kernel modules that a service needs: `wlc`, `sip`. */
export function modulesOf({ scheduler, engine }: Service): string[] {
  return engine === undefined ? [scheduler] : [scheduler, engine];
}

function compareServices(
  desired: DesiredState["services"],
  current: readonly DesiredService[],
): Pick<Difference, "added" | "kept" | "removed"> {
  if (desired === undefined) return { added: [], kept: [], removed: [] };
  const known = new Map(current.map((entry) => [serviceIdentity(entry.service), entry]));
  const added: AddedService[] = [];
  const kept: KeptService[] = [];
  for (const [index, { service, destinations }] of desired.entries()) {
    const path = `services[${index}]`;
    const identity = serviceIdentity(service);
    const before = known.get(identity);
    known.delete(identity);
    const placed = destinations.map((destination, position) => ({
      path: `${path}.destinations[${position}]`,
      destination,
    }));
    if (before === undefined) {
      added.push({ path, service, destinations: placed });
      continue;
    }
    const destinationChanges = compareDestinations(placed, before.destinations);
    const isEdited = !hasSameSettings(before.service, service);
    const { added: more, edited, removed } = destinationChanges;
    if (isEdited || more.length > 0 || edited.length > 0 || removed.length > 0) {
      kept.push({ path, service, before: isEdited ? before.service : undefined, ...destinationChanges });
    }
  }
  return { added, kept, removed: [...known.values()] };
}

function compareDestinations(
  desired: readonly AddedDestination[],
  current: readonly Destination[],
): Pick<KeptService, "added" | "edited" | "removed"> {
  const known = new Map(current.map((destination) => [destinationIdentity(destination), destination]));
  const added: AddedDestination[] = [];
  const edited: EditedDestination[] = [];
  for (const placed of desired) {
    const identity = destinationIdentity(placed.destination);
    const before = known.get(identity);
    known.delete(identity);
    if (before === undefined) added.push(placed);
    else if (!hasSameDestinationSettings(before, placed.destination)) edited.push({ ...placed, before });
  }
  return { added, edited, removed: [...known.values()] };
}

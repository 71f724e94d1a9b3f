import type { DesiredService, DesiredState } from "../model/desired.js";
import { hasSameDestinationSettings, hasSameSettings, runsAs } from "../model/equality.js";
import { destinationIdentity, serviceIdentity } from "../model/identity.js";
import type { Daemon, Destination, Service, ServiceKey, Timeouts } from "../model/table.js";

/**
 * Whether the desired state replaces the current one, or is added to it. When it is added, all of its services are, and the
 * kernel refuses those that exist.
 */
export type PlanMode = "add" | "replace";

/** Something, and the part of a document that it is for: `services[3].destinations[0]`. */
type At<T> = T & { readonly path: string };

/** Settings before and after a change. */
export interface Edit<T> {
  readonly before: T;
  readonly after: T;
}

/** A destination, and the service that it is of. */
export interface OwnedDestination {
  readonly service: ServiceKey;
  readonly destination: Destination;
}

/** What has to be done to a table, in no order. Only settings count, never what the kernel measures. */
export interface Difference {
  readonly addedServices: readonly At<DesiredService>[];
  readonly editedServices: readonly At<Edit<Service>>[];
  readonly deletedServices: readonly At<{ readonly service: Service }>[];
  /** Of services that stay. */
  readonly addedDestinations: readonly At<OwnedDestination>[];
  readonly editedDestinations: readonly At<Edit<Destination> & { readonly service: ServiceKey }>[];
  /** Of services that stay. */
  readonly deletedDestinations: readonly At<OwnedDestination>[];
  readonly timeouts: readonly At<{ readonly timeouts: Timeouts }>[];
  /** Settings of a daemon cannot be edited: it is stopped and started again. */
  readonly startedDaemons: readonly At<{ readonly daemon: Daemon }>[];
  readonly stoppedDaemons: readonly At<{ readonly daemon: Daemon }>[];
  /** The kernel's modules that the current services use. */
  readonly usedModules: ReadonlySet<string>;
}

/** What the kernel calls the scheduler of a service that has none. */
const noScheduler = "none";

/** A difference under construction. */
type Found = { readonly [List in keyof Omit<Difference, "usedModules">]: Difference[List][number][] };

/** The parts of the current table that findDifference needs. */
export function partsToRead(desired: DesiredState, mode: PlanMode): (keyof DesiredState)[] {
  const parts = mode === "add" ? (["daemons"] as const) : (["services", "timeouts", "daemons"] as const);
  return parts.filter((part) => desired[part] !== undefined);
}

/** What differs between the desired state and the current one, which must have the parts of `partsToRead`. */
export function findDifference(desired: DesiredState, current: DesiredState, mode: PlanMode): Difference {
  const found: Found = {
    addedServices: [],
    editedServices: [],
    deletedServices: [],
    addedDestinations: [],
    editedDestinations: [],
    deletedDestinations: [],
    timeouts: [],
    startedDaemons: [],
    stoppedDaemons: [],
  };
  const { services, timeouts, daemons } = desired;
  if (services) compareServices(services, mode === "add" ? [] : (current.services ?? []), found);
  if (timeouts && !areSet(timeouts, current.timeouts)) found.timeouts.push({ path: "timeouts", timeouts });
  if (daemons) compareDaemons(daemons, current.daemons ?? [], mode, found);
  return { ...found, usedModules: new Set((current.services ?? []).flatMap(({ service }) => modulesOf(service))) };
}

/** The kernel's modules that a service needs: that of its scheduler and that of its persistence engine. */
export function modulesOf({ scheduler, engine }: Service): string[] {
  const modules = scheduler === noScheduler ? [] : [`ip_vs_${scheduler}`];
  return engine ? [...modules, `ip_vs_pe_${engine}`] : modules;
}

function compareServices(desired: readonly DesiredService[], current: readonly DesiredService[], found: Found): void {
  const left = new Map(current.map((entry) => [serviceIdentity(entry.service), entry]));
  for (const [index, entry] of desired.entries()) {
    const path = `services[${index}]`;
    const identity = serviceIdentity(entry.service);
    const existing = left.get(identity);
    if (existing === undefined) {
      found.addedServices.push({ path, ...entry });
      continue;
    }
    left.delete(identity);
    const [before, after] = [existing.service, entry.service];
    if (!hasSameSettings(before, after)) found.editedServices.push({ path, before, after });
    compareDestinations(entry, existing.destinations, `${path}.destinations`, found);
  }
  for (const { service } of left.values()) found.deletedServices.push({ path: "services", service });
}

function compareDestinations(
  { service, destinations }: DesiredService,
  current: readonly Destination[],
  path: string,
  found: Found,
): void {
  const left = new Map(current.map((destination) => [destinationIdentity(destination), destination]));
  for (const [index, destination] of destinations.entries()) {
    const at = { path: `${path}[${index}]`, service };
    const identity = destinationIdentity(destination);
    const before = left.get(identity);
    left.delete(identity);
    if (before === undefined) found.addedDestinations.push({ ...at, destination });
    else if (!hasSameDestinationSettings(before, destination)) {
      found.editedDestinations.push({ ...at, before, after: destination });
    }
  }
  for (const destination of left.values()) found.deletedDestinations.push({ path, service, destination });
}

/** Whether setting the timeouts would change nothing; 0 stands for the current value. */
function areSet(timeouts: Timeouts, current: Timeouts | undefined): boolean {
  if (current === undefined) return false;
  return (["tcp", "tcpFin", "udp"] as const).every((name) => timeouts[name] === 0 || timeouts[name] === current[name]);
}

function compareDaemons(desired: readonly Daemon[], running: readonly Daemon[], mode: PlanMode, found: Found): void {
  for (const [index, daemon] of desired.entries()) {
    if (running.some((one) => runsAs(one, daemon))) continue;
    found.startedDaemons.push({ path: `daemons[${index}]`, daemon });
  }
  if (mode === "add") return;
  for (const daemon of running) {
    if (desired.some((wanted) => runsAs(daemon, wanted))) continue;
    found.stoppedDaemons.push({ path: "daemons", daemon });
  }
}

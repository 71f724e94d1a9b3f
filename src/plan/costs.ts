/**
 * What a change costs clients on Linux 6.1 (docs/apply.md has the measurements). Changes that are not here cost them
 * nothing: their connections go on, and new ones are served.
 */

import type { ChangedObject, Cost, CostKind } from "../model/changes/plan.js";
import type { DesiredService } from "../model/desired.js";
import { serviceIdentity } from "../model/identity.js";
import { hasFallback, hashingSchedulers, ownFlagName } from "../model/scheduler-flags.js";
import {
  type Daemon,
  type Destination,
  type DestinationEntry,
  isMarkService,
  type Service,
  type ServiceKey,
  type Timeouts,
} from "../model/table.js";

/** The service that a change is of, with its destinations, before and after the whole plan. */
export interface Surroundings {
  readonly before?: DesiredService | undefined;
  readonly after?: DesiredService | undefined;
  /** An existing service whose packets the added one takes. */
  readonly covers?: ServiceKey | undefined;
}

export function costsOf(change: ChangedObject, around: Surroundings): Cost[] {
  switch (change.object) {
    case "service":
      return serviceCosts(change.before, change.after, around);
    case "destination":
      return destinationCosts(change.before, change.after, around);
    case "daemon":
      return change.before ? [unsynced(change.before)] : [];
    case "timeouts":
      return timeoutCosts(change.before, change.after);
  }
}

function serviceCosts(before: Service | undefined, after: Service | undefined, around: Surroundings): Cost[] {
  if (after === undefined) {
    const { covers } = around;
    const gone = covers
      ? cost("moved", `its new connections go to ${serviceIdentity(covers)} from now on`)
      : cost("refused", "its clients are refused from now on");
    return [gone, ...connectionCosts(around.before?.destinations ?? [])];
  }
  if (before === undefined) {
    const { covers } = around;
    return covers ? [cost("moved", `takes new connections from ${serviceIdentity(covers)}`)] : [];
  }
  return [
    ...(before.scheduler === after.scheduler
      ? []
      : [cost("refused", "the kernel refuses new connections for some milliseconds while it changes the scheduler")]),
    ...(sharesAgain(before, after) ? [shareMove(after)] : []),
    ...(losesAffinity(before, after) ? [cost("moved", "known clients lose their server and are scheduled again")] : []),
    ...(refusesShares(after) && !refusesShares(before) && (around.after?.destinations ?? []).some(isDrained)
      ? [shareCost(after)]
      : []),
  ];
}

function destinationCosts(
  before: Destination | undefined,
  after: Destination | undefined,
  around: Surroundings,
): Cost[] {
  const service = around.after?.service;
  const refuses = service !== undefined && refusesShares(service);
  if (before === undefined) {
    // mh gives no share to a server that is added with weight 0.
    const getsShare = refuses && around.before && after && isDrained(after) && service.scheduler !== "mh";
    const isShared = service && around.before && isHashing(service) && after && !isDrained(after);
    return [...(getsShare ? [shareCost(service)] : []), ...(isShared ? [shareMove(service)] : [])];
  }
  const stopsServing = !isDrained(before) && (after === undefined || isDrained(after));
  return [
    ...(stopsServing && !(around.after?.destinations ?? []).some((one) => !isDrained(one))
      ? [cost("refused", "no server of a weight above 0 is left")]
      : []),
    ...(stopsServing && after && refuses ? [shareCost(service)] : []),
    ...(service && isHashing(service) && before.weight !== (after?.weight ?? 0) && !(stopsServing && after)
      ? [shareMove(service)]
      : []),
    ...(after === undefined ? connectionCosts([before]) : thresholdCosts(before, after, refuses)),
  ];
}

/** Connections of a deleted server end at once (vs/expire_nodest_conn=1), or hang until they time out (0, the default). */
function connectionCosts(destinations: readonly Destination[]): Cost[] {
  const active = totalOf(destinations, "activeConnections");
  const inactive = totalOf(destinations, "inactiveConnections");
  const known = totalOf(destinations, "persistentConnections");
  return [
    ...(active + inactive > 0
      ? [cost("cut", `${active} active and ${inactive} inactive connections end or hang`)]
      : []),
    ...(known > 0 ? [cost("moved", `${known} persistence templates end, so known clients are scheduled again`)] : []),
  ];
}

/** With each packet, the timer of a connection starts again with the timeout of its state. */
function timeoutCosts(before: Timeouts | undefined, after: Timeouts | undefined): Cost[] {
  if (before === undefined || after === undefined) return [];
  return (["tcp", "tcpFin", "udp"] as const)
    .filter((name) => after[name] < before[name])
    .map((name) =>
      cost("cut", `${timeoutNames[name]} idle for more than ${after[name]} s end, and not after ${before[name]} s`),
    );
}

const timeoutNames = { tcp: "TCP connections", tcpFin: "closing TCP connections", udp: "UDP connections" } as const;

function thresholdCosts(before: Destination, after: Destination, refuses: boolean): Cost[] {
  const limit = after.upperThreshold;
  const isLowered = limit > 0 && (before.upperThreshold === 0 || limit < before.upperThreshold);
  const connections = totalOf([before], "activeConnections") + totalOf([before], "inactiveConnections");
  if (!isLowered || connections < limit) return [];
  const reason = `it has ${connections} connections, so it takes no new ones at once`;
  return [refuses ? cost("refused", `${reason}, and its share of clients is refused`) : cost("moved", reason)];
}

/** Only a table that was read has counts of connections. */
type Counts = Partial<Pick<DestinationEntry, "activeConnections" | "inactiveConnections" | "persistentConnections">>;

function totalOf(destinations: readonly (Destination & Counts)[], name: keyof Counts): number {
  return destinations.reduce((total, one) => total + (one[name] ?? 0), 0);
}

function isDrained({ weight }: Destination): boolean {
  return weight === 0;
}

/** Whether clients whose share is that of a server of weight 0 are refused. */
function refusesShares(service: Service): boolean {
  return isHashing(service) && !hasFallback(service);
}

function isHashing({ scheduler }: Service): boolean {
  return hashingSchedulers.includes(scheduler);
}

/** Whether the same hashing scheduler looks at other parts of a packet than before. */
function sharesAgain(before: Service, after: Service): boolean {
  const looksAtPort = ({ scheduler, schedulerFlags }: Service) =>
    schedulerFlags.some((flag) => ownFlagName(scheduler, flag) === `${scheduler}-port`);
  return before.scheduler === after.scheduler && isHashing(after) && looksAtPort(before) !== looksAtPort(after);
}

function shareMove({ scheduler }: Service): Cost {
  return cost("moved", `${scheduler} shares its clients out again, so new connections of some go to another server`);
}

function shareCost({ scheduler }: Service): Cost {
  const remedy = scheduler === "dh" ? "" : `; the flag ${scheduler}-fallback prevents that`;
  return cost(
    "refused",
    `${scheduler} still gives a server of weight 0 its share of clients, who are refused${remedy}`,
  );
}

/** Templates are found by engine and masked address. */
function losesAffinity(before: Service, after: Service): boolean {
  if (!before.persistent) return false;
  return !after.persistent || before.engine !== after.engine || before.netmask !== after.netmask;
}

function unsynced({ state }: Daemon): Cost {
  const reason =
    state === "master"
      ? "other directors do not learn of new connections"
      : "connections of other directors are not learned";
  return cost("unsynced", `while no ${state} daemon runs, ${reason}`);
}

function cost(kind: CostKind, reason: string): Cost {
  return { kind, reason };
}

/** The service of every port whose packets an added service takes, if there is one. */
export function coveredService(added: ServiceKey, current: ReadonlyMap<string, ServiceKey>): ServiceKey | undefined {
  if (isMarkService(added) || added.port === 0) return undefined;
  return current.get(serviceIdentity({ ...added, port: 0 }));
}

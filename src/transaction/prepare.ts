import type { ReadPlan } from "../format/json/changes/plan-document.js";
import type { IpvsClient } from "../ipvs/client.js";
import { readSelected, readState } from "../ipvs/read-table.js";
import type { Plan, PlannedChange } from "../model/changes/plan.js";
import type { DesiredState } from "../model/desired.js";
import type { Override } from "../model/override.js";
import { isMarkService, type ServiceKey } from "../model/table.js";
import { describePlan } from "../plan/describe.js";
import { partsToRead } from "../plan/difference.js";
import { narrowStates, type PlanOptions } from "../plan/narrow.js";
import { isEmpty, makePlan, type PhasedPlan } from "../plan/plan.js";
import { PlanError } from "./change-error.js";
import { readPlanned } from "./transaction.js";
import type { UndoStore } from "./undo-store.js";

/** A plan, and what it was made from. */
export interface Prepared {
  readonly plan: PhasedPlan;
  /** The part of the current table that the plan or its costs concern. */
  readonly current: DesiredState;
  /** How many services there are that the plan may delete. */
  readonly services: number;
  /** The changes that would make the table what a recorded plan expects; empty for a new plan. */
  readonly moved: readonly PlannedChange[];
  /** The overrides that changed something in the desired state. */
  readonly held?: readonly Override[];
  /** Whether `current` has every service that exists. */
  readonly isWhole?: boolean;
}

/** The plan that turns the table into the desired state, except for held weights. Rejects with an IpvsError. */
export async function prepareDesired(
  client: IpvsClient,
  desired: DesiredState,
  options: PlanOptions = {},
  overrides: readonly Override[] = [],
): Promise<Prepared> {
  const current = await readState(client, partsToRead(desired, "replace"));
  const states = narrowStates({ current, desired: withCurrentTimeouts(desired, current) }, options, overrides);
  const plan = makePlan(states.current, states.desired);
  const { held } = states;
  const isWhole = current.services !== undefined;
  return { plan, current, services: states.current.services?.length ?? 0, moved: [], held, isWhole };
}

/** A timeout of 0 means the current one. */
function withCurrentTimeouts({ timeouts, ...rest }: DesiredState, { timeouts: now }: DesiredState): DesiredState {
  if (timeouts === undefined || now === undefined) return rest;
  const { tcp, tcpFin, udp } = timeouts;
  return { ...rest, timeouts: { tcp: tcp || now.tcp, tcpFin: tcpFin || now.tcpFin, udp: udp || now.udp } };
}

/** A recorded plan, to be carried out exactly. Rejects with an IpvsError. */
export function prepareRecorded(client: IpvsClient, recorded: ReadPlan): Promise<Prepared> {
  return prepareExact(client, recorded, recorded.after, recorded.before);
}

/** The plan that takes a recorded one back, whatever became of it. Rejects with an IpvsError. */
export function prepareUndo(client: IpvsClient, recorded: ReadPlan): Promise<Prepared> {
  return prepareExact(client, recorded, recorded.before, recorded.after);
}

/**
 * The plan that takes back the command of an id or, without one, the newest command. Undefined where there is no such
 * command. With `forgets`, a command is forgotten where nothing of it is left to take back, so that it does not hide older
 * ones. Call it under the lock, since another command may be about to save its own. Rejects with an IpvsError, a FileError,
 * a DocumentError or a PlanError.
 */
export async function prepareStoredUndo(
  client: IpvsClient,
  store: UndoStore,
  { id, forgets }: { readonly id: string | undefined; readonly forgets: boolean },
): Promise<Prepared | undefined> {
  const wanted = id ?? (await newestId(store));
  const recorded = wanted === undefined ? undefined : await store.read(wanted);
  if (wanted === undefined || recorded === undefined) return undefined;
  const prepared = await prepareUndo(client, recorded);
  if (forgets && isEmpty(prepared.plan)) await store.remove(wanted);
  return prepared;
}

/**
 * The id of the newest command; undefined where there is none. Rejects with a PlanError where it is older than the network
 * namespace: the kernel gives a new namespace the number of one that is gone.
 */
async function newestId(store: UndoStore): Promise<string | undefined> {
  const [newest] = await store.list();
  if (newest === undefined) return undefined;
  const { id, time } = newest;
  const since = await store.namespaceSince();
  if (since === undefined || Date.parse(time) >= since) return id;
  const made = new Date(since).toISOString();
  throw new PlanError(
    `${id}: this network namespace is from ${made}, and the command may have been for an older one with its number\n` +
      `if it was for this one: ipvsadm undo ${id}`,
    [],
  );
}

async function prepareExact(
  client: IpvsClient,
  recorded: Plan,
  wanted: DesiredState,
  expected: DesiredState,
): Promise<Prepared> {
  const [current, covering, all] = await Promise.all([
    readPlanned(recorded, client),
    readSelected(client, coveringKeys(recorded)),
    client.serviceSettings(),
  ]);
  const plan = makePlan(current, wanted);
  const moved = describePlan(makePlan(current, expected), current);
  const known = { ...current, ...(covering.length > 0 && { services: [...(current.services ?? []), ...covering] }) };
  return { plan, current: known, services: all.length, moved };
}

/** Services of every port that a plan may take packets from, besides those it concerns anyway. */
function coveringKeys({ services }: Plan): ServiceKey[] {
  return services.flatMap((key) => (isMarkService(key) || key.port === 0 ? [] : { ...key, port: 0 }));
}

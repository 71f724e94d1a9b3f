import type { ReadPlan } from "../format/json/changes/plan-document.js";
import type { IpvsClient } from "../ipvs/client.js";
import { readState } from "../ipvs/read-table.js";
import type { PlannedChange } from "../model/changes/plan.js";
import type { DesiredState } from "../model/desired.js";
import type { Override } from "../model/override.js";
import { describePlan } from "../plan/describe.js";
import { narrowStates, type PlanOptions } from "../plan/narrow.js";
import { makePlan, type PhasedPlan } from "../plan/plan.js";
import { readPlanned } from "./transaction.js";

/** A plan, and what it was made from. */
export interface Prepared {
  readonly plan: PhasedPlan;
  /** The table as it is, as far as it was read. */
  readonly current: DesiredState;
  /** How many services there are that the plan may delete. */
  readonly services: number;
  /** What changed in the table since the plan was recorded; empty for a plan that is made now. */
  readonly moved: readonly PlannedChange[];
  /** The overrides without which the plan would change something else. */
  readonly held?: readonly Override[];
  /** Whether `current` has every service that exists. */
  readonly isWhole?: boolean;
}

/** The plan that makes the desired state of the table, but for the weights that are held. Rejects with an IpvsError. */
export async function prepareDesired(
  client: IpvsClient,
  desired: DesiredState,
  options: PlanOptions = {},
  overrides: readonly Override[] = [],
): Promise<Prepared> {
  const parts = (["services", "timeouts", "daemons"] as const).filter((part) => desired[part] !== undefined);
  const current = await readState(client, parts);
  const states = narrowStates({ current, desired }, options, overrides);
  const plan = makePlan(states.current, states.desired);
  const { held } = states;
  const isWhole = current.services !== undefined;
  return { plan, current, services: states.current.services?.length ?? 0, moved: [], held, isWhole };
}

/** A recorded plan, to be carried out exactly: with what changed since in what it concerns. Rejects with an IpvsError. */
export async function prepareRecorded(client: IpvsClient, recorded: ReadPlan): Promise<Prepared> {
  const current = await readPlanned(recorded, client);
  const plan = makePlan(current, recorded.after);
  const moved = describePlan(makePlan(recorded.before, current), recorded.before);
  return { plan, current, services: current.services?.length ?? 0, moved };
}

/** The plan that takes a recorded one back, whatever became of it. Rejects with an IpvsError. */
export async function prepareUndo(client: IpvsClient, recorded: ReadPlan): Promise<Prepared> {
  const current = await readPlanned(recorded, client);
  const plan = makePlan(current, recorded.before);
  const moved = describePlan(makePlan(recorded.after, current), recorded.after);
  return { plan, current, services: current.services?.length ?? 0, moved };
}

import type { IpvsClient } from "../ipvs/client.js";
import { IpvsError } from "../ipvs/ipvs-error.js";
import { readSelected, readState } from "../ipvs/read-table.js";
import type { Plan, PlannedChange } from "../model/changes/plan.js";
import type { DesiredState } from "../model/desired.js";
import { carryOut, type PlanOutcome, type Refusal } from "../plan/apply.js";
import { describePlan } from "../plan/describe.js";
import { makePlan, type PhasedPlan } from "../plan/plan.js";
import type { UndoStore } from "./undo-store.js";

/** What becomes of the changes before a refusal. */
export const refusalPolicies = ["rollback", "stop", "continue"] as const;
/** `rollback` takes them back, `stop` leaves them, `continue` leaves them and makes the changes after the refusal too. */
export type RefusalPolicy = (typeof refusalPolicies)[number];

export interface TransactionOptions {
  /** The verb that changes the table. */
  readonly command: string;
  /** Where the plan is kept; without it the plan cannot be undone. */
  readonly store?: UndoStore | undefined;
  readonly now: Date;
  readonly onRefusal?: RefusalPolicy | undefined;
  /** Once it is aborted, no phase is begun, and what was done is taken back. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * What became of a plan. `done`: the table is as planned. `undone`: it is as it was before. `changed`: every change was
 * made, and somebody else changed the same services. `partial`: some changes are made, and some are not.
 */
export interface TransactionResult {
  readonly outcome: "done" | "undone" | "changed" | "partial";
  readonly refusals: readonly Refusal[];
  /** What ended the work on its way, beside refusals: the connection to the kernel. */
  readonly failure?: IpvsError | undefined;
  /** What would have to be changed to get where the work was going: back after a rollback, else to what was planned. */
  readonly remaining: readonly PlannedChange[];
  /** By which the work can be undone; absent where nothing is left to undo. */
  readonly undo?: string | undefined;
}

/**
 * Carries a plan out: saves it for undo first, makes the changes phase by phase, takes them back if one is refused, and reads
 * the table again at the end. `current` is the whole table that the plan was made from. Rejects, with nothing changed, where
 * the plan cannot be saved.
 */
export async function runTransaction(
  plan: PhasedPlan,
  current: DesiredState,
  client: IpvsClient,
  { command, store, now, onRefusal = "rollback", signal, onProgress }: TransactionOptions,
): Promise<TransactionResult> {
  const { services, before, after } = plan;
  const changes = describePlan(plan, current);
  const undo = await store?.save({ services, before, after, command, takenAt: now, changes });
  const attempt = await tryPlan(plan, client, { continues: onRefusal === "continue", signal, onProgress });
  const { refusals, failure } = attempt;
  if (!attempt.isComplete && (onRefusal === "rollback" || signal?.aborted)) {
    const remaining = await goBack(plan, client);
    if (remaining.length > 0) return { outcome: "partial", refusals, failure, remaining, undo };
    if (undo !== undefined) await store?.remove(undo);
    return { outcome: "undone", refusals, failure, remaining };
  }
  const remaining = await findRemaining(plan, after, client);
  const isPartial = refusals.length > 0 || !attempt.isComplete;
  return {
    outcome: isPartial ? "partial" : remaining.length > 0 ? "changed" : "done",
    refusals,
    failure,
    remaining,
    undo,
  };
}

type Attempt = PlanOutcome & { readonly failure?: IpvsError };

async function tryPlan(
  plan: PhasedPlan,
  client: IpvsClient,
  options: Parameters<typeof carryOut>[2],
): Promise<Attempt> {
  try {
    return await carryOut(plan, client, options);
  } catch (failure) {
    if (failure instanceof IpvsError) return { refusals: [], isComplete: false, failure };
    throw failure;
  }
}

/** Takes back what was done, from the table as it now is. Returns what would not go back. */
async function goBack(plan: Plan, client: IpvsClient): Promise<PlannedChange[]> {
  try {
    const way = makePlan(await readPlanned(plan, client), plan.before);
    await tryPlan(way, client, { continues: true });
    return await findRemaining(plan, plan.before, client);
  } catch (error) {
    if (!(error instanceof IpvsError)) throw error;
    // The kernel does not answer any more, so all that was planned may be left.
    return describePlan(makePlan(plan.after, plan.before), plan.after);
  }
}

async function findRemaining(plan: Plan, wanted: DesiredState, client: IpvsClient): Promise<PlannedChange[]> {
  const state = await readPlanned(plan, client);
  return describePlan(makePlan(state, wanted), state);
}

/** What a plan concerns, as it now is. Rejects with an IpvsError. */
export async function readPlanned({ services, before, after }: Plan, client: IpvsClient): Promise<DesiredState> {
  const parts = (["timeouts", "daemons"] as const).filter((part) => (before[part] ?? after[part]) !== undefined);
  const rest = await readState(client, parts);
  return services.length === 0 ? rest : { services: await readSelected(client, services), ...rest };
}

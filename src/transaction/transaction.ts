import type { IpvsClient } from "../ipvs/client.js";
import { IpvsError } from "../ipvs/ipvs-error.js";
import { readSelected, readState } from "../ipvs/read-table.js";
import type { Plan, PlannedChange, PlanOutcome } from "../model/changes/plan.js";
import type { DesiredState } from "../model/desired.js";
import { type Attempt, type CarryOutOptions, carryOut, type Refusal } from "../plan/apply.js";
import { describePlan } from "../plan/describe.js";
import { makePlan, type PhasedPlan } from "../plan/plan.js";
import type { UndoStore } from "./undo-store.js";

/** What to do with the changes before a refusal. */
export const refusalPolicies = ["rollback", "stop", "continue"] as const;
/** `rollback` takes them back, `stop` leaves them, `continue` leaves them and makes the changes after the refusal too. */
export type RefusalPolicy = (typeof refusalPolicies)[number];

/** Whether a plan is being carried out, or what was done of it is being taken back. */
export type PlanDirection = "forth" | "back";

/** Called after each batch with the number of changes that are done, and of all. */
export type ReportProgress = (done: number, total: number, direction: PlanDirection) => void;

export interface TransactionOptions extends Pick<CarryOutOptions, "signal"> {
  /** The verb that changes the table. */
  readonly command: string;
  /** Where the plan is kept; without it the plan cannot be undone. */
  readonly store?: UndoStore | undefined;
  readonly now: Date;
  readonly onRefusal?: RefusalPolicy | undefined;
  /** Connects to the kernel again, for the way back where the connection is lost. */
  readonly reconnect?: (() => Promise<IpvsClient>) | undefined;
  readonly onProgress?: ReportProgress | undefined;
}

/** What became of a plan. */
export interface TransactionResult {
  readonly outcome: PlanOutcome;
  readonly refusals: readonly Refusal[];
  /** What ended the work on its way or kept the table from being read, beside refusals. */
  readonly failure?: IpvsError | undefined;
  /** The changes that are missing: after a rollback, to the table before; otherwise, to the planned table. */
  readonly remaining: readonly PlannedChange[];
  /** The id by which the work can be undone; absent where nothing is left to undo. */
  readonly undo?: string | undefined;
}

/**
 * Carries a plan out: saves it for undo first, makes the changes phase by phase, takes them back if one is refused or if it is
 * interrupted, and reads the table again at the end. Rejects, with nothing changed, where the plan cannot be saved or a change
 * has a value that cannot be sent.
 */
export async function runTransaction(
  plan: PhasedPlan,
  client: IpvsClient,
  { command, store, now, onRefusal = "rollback", signal, onProgress, reconnect }: TransactionOptions,
): Promise<TransactionResult> {
  const undo = await store?.save({ ...plan, command, takenAt: now });
  const attempt = await tryPlan(plan, client, {
    continues: onRefusal === "continue",
    signal,
    onProgress: (done, total) => onProgress?.(done, total, "forth"),
  });
  const { refusals, error } = attempt;
  const failure = error instanceof IpvsError ? error : undefined;
  if (!attempt.isComplete && (onRefusal === "rollback" || signal?.aborted || error !== undefined)) {
    const remaining = await goBack(plan, client, { reconnect, onProgress });
    if (remaining.length > 0) return { outcome: "partial", refusals, failure, remaining, undo };
    if (undo !== undefined) await store?.remove(undo).catch(() => {});
    if (error !== undefined && failure === undefined) throw error;
    return { outcome: "undone", refusals, failure, remaining };
  }
  try {
    const remaining = await findRemaining(plan, plan.after, client);
    const isMissing = remaining.length > 0;
    const outcome = !isMissing ? "done" : refusals.length > 0 || !attempt.isComplete ? "partial" : "changed";
    return { outcome, refusals, remaining, undo };
  } catch (cause) {
    if (!(cause instanceof IpvsError)) throw cause;
    return { outcome: "unverified", refusals, failure: cause, remaining: [], undo };
  }
}

/** An attempt that may have ended by an error besides refusals. */
type TriedPlan = Attempt & { readonly error?: unknown };

async function tryPlan(plan: PhasedPlan, client: IpvsClient, options: CarryOutOptions): Promise<TriedPlan> {
  try {
    return await carryOut(plan, client, options);
  } catch (error) {
    return { refusals: [], isComplete: false, error };
  }
}

/** Takes back what was done, from the current table. Returns what could not be taken back. */
async function goBack(
  plan: Plan,
  client: IpvsClient,
  { reconnect, onProgress }: Pick<TransactionOptions, "reconnect" | "onProgress">,
): Promise<PlannedChange[]> {
  try {
    return await makeWayBack(plan, client, onProgress);
  } catch (error) {
    if (!(error instanceof IpvsError)) throw error;
  }
  try {
    const fresh = await reconnect?.();
    if (fresh !== undefined) return await makeWayBack(plan, fresh, onProgress).finally(() => fresh.close());
  } catch (error) {
    if (!(error instanceof IpvsError)) throw error;
  }
  // The kernel no longer answers, so everything that was planned may be left.
  return describePlan(makePlan(plan.after, plan.before), plan.after);
}

async function makeWayBack(
  plan: Plan,
  client: IpvsClient,
  onProgress: ReportProgress | undefined,
): Promise<PlannedChange[]> {
  const wayBack = makePlan(await readPlanned(plan, client), plan.before);
  await carryOut(wayBack, client, {
    continues: true,
    onProgress: (done, total) => onProgress?.(done, total, "back"),
  });
  return findRemaining(plan, plan.before, client);
}

async function findRemaining(plan: Plan, wanted: DesiredState, client: IpvsClient): Promise<PlannedChange[]> {
  const state = await readPlanned(plan, client);
  return describePlan(makePlan(state, wanted), state);
}

/** The current state of what a plan concerns. Rejects with an IpvsError. */
export async function readPlanned({ services, before, after }: Plan, client: IpvsClient): Promise<DesiredState> {
  const parts = (["timeouts", "daemons"] as const).filter((part) => (before[part] ?? after[part]) !== undefined);
  const rest = await readState(client, parts);
  return services.length === 0 ? rest : { services: await readSelected(client, services), ...rest };
}

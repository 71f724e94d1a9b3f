import type { Host } from "../host/host.js";
import type { IpvsClient } from "../ipvs/client.js";
import type { PlannedChange } from "../model/changes/plan.js";
import type { Override } from "../model/override.js";
import { describePlan } from "../plan/describe.js";
import { remainingOverrides, standingOverrides } from "../plan/overrides.js";
import { isEmpty } from "../plan/plan.js";
import { FileError } from "../platform/state/file-error.js";
import { HoldError } from "./change-error.js";
import { OverrideStore } from "./override-store.js";
import type { Prepared } from "./prepare.js";
import { type RefusalPolicy, type ReportProgress, runTransaction, type TransactionResult } from "./transaction.js";
import { UndoStore } from "./undo-store.js";

/** Revises the overrides: a change may hold weights or give them back. */
export type ReviseOverrides = (overrides: readonly Override[]) => readonly Override[];

export interface ChangeTableOptions {
  /** The verb that changes the table. */
  readonly command: string;
  /** How many seconds to wait for the lock (default 0). */
  readonly wait?: number | undefined;
  /** What becomes of the changes before a refusal (default `rollback`). */
  readonly onRefusal?: RefusalPolicy | undefined;
  /** Where plans are kept for undo, instead of the host's folder: an absolute path, as a byte string. */
  readonly undoFolder?: string | undefined;
  /** Keeps the plan for undo (default true). False only for a part of a change whose first part is kept. */
  readonly keepsUndo?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ReportProgress | undefined;
  /** Checks a plan that changes something, or whose table has moved. Where it rejects, nothing is changed. */
  readonly check?: CheckPlan | undefined;
  /** Holds weights. Written before the first change, so that a killed command leaves no weight that nobody explains. */
  readonly claim?: ReviseOverrides | undefined;
  /** Gives weights back; written after the last change. */
  readonly release?: ReviseOverrides | undefined;
}

/** Refuses a plan by rejecting. */
export type CheckPlan = (
  prepared: Prepared,
  changes: readonly PlannedChange[],
  overrides: readonly Override[],
) => Promise<void>;

/** Makes a plan from the current table and the held weights. */
export type PreparePlan = (client: IpvsClient, overrides: readonly Override[]) => Promise<Prepared>;

/** What was planned, and what became of it. */
export interface TableChange {
  readonly changes: readonly PlannedChange[];
  /** Absent where there was nothing to change. */
  readonly result?: TransactionResult;
}

/**
 * Makes a plan and carries it out under the lock of the table, so that no other command of this program interferes. An
 * override ends where its server is gone, and where the plan gives the server another weight. Rejects where nothing was
 * changed: with an IpvsError, a LockError, a FileError (the plan or the overrides cannot be saved) or what `check` throws.
 * Rejects with a HoldError where the overrides cannot be saved afterwards.
 */
export async function changeTable(
  host: Host,
  client: IpvsClient,
  prepare: PreparePlan,
  options: ChangeTableOptions,
): Promise<TableChange> {
  const { command, wait = 0, undoFolder, keepsUndo = true, check, claim, release: giveBack, signal, ...rest } = options;
  const release = await host.lock({ command: `ipvsadm ${command}`, wait, signal });
  try {
    const held = new HeldWeights(await OverrideStore.open(host));
    const prepared = await prepare(client, await held.read());
    const { plan, current } = prepared;
    const changes = describePlan(plan, current);
    const isChange = !isEmpty(plan);
    if (isChange || prepared.moved.length > 0) await check?.(prepared, changes, held.overrides);
    const standing = standingOverrides(held.overrides, current, prepared.isWhole ?? false);
    const claimed = claim?.(standing) ?? standing;
    await held.write(claimed);
    if (!isChange) {
      await held.write(giveBack?.(claimed) ?? claimed);
      return { changes };
    }
    const store = keepsUndo ? await UndoStore.open(host, undoFolder) : undefined;
    const now = new Date(host.clock.now());
    const reconnect = () => host.openKernel({ loadModule: false });
    let result: TransactionResult;
    try {
      result = await runTransaction(plan, client, { command, store, now, signal, reconnect, ...rest });
    } catch (error) {
      await held.settle(standing);
      throw error;
    }
    if (result.outcome === "undone") await held.settle(standing);
    else if (result.outcome !== "partial") {
      await held.settle(remainingOverrides(giveBack?.(claimed) ?? claimed, changes));
    }
    return { changes, result };
  } finally {
    release();
  }
}

/** The stored overrides, which are written only where they change. */
class HeldWeights {
  overrides: readonly Override[] = [];

  constructor(private readonly store: OverrideStore) {}

  async read(): Promise<readonly Override[]> {
    this.overrides = await this.store.read();
    return this.overrides;
  }

  async write(overrides: readonly Override[]): Promise<void> {
    if (overrides === this.overrides) return;
    await this.store.write(overrides);
    this.overrides = overrides;
  }

  /** Writes after the table was changed or restored. Rejects with a HoldError. */
  async settle(overrides: readonly Override[]): Promise<void> {
    try {
      await this.write(overrides);
    } catch (error) {
      if (error instanceof FileError) throw new HoldError(error);
      throw error;
    }
  }
}

import type { Host } from "../host/host.js";
import type { IpvsClient } from "../ipvs/client.js";
import type { PlannedChange } from "../model/changes/plan.js";
import { describePlan } from "../plan/describe.js";
import { isEmpty } from "../plan/plan.js";
import type { Prepared } from "./prepare.js";
import { type RefusalPolicy, runTransaction, type TransactionResult } from "./transaction.js";
import { UndoStore } from "./undo-store.js";

export interface ChangeTableOptions {
  /** The verb that changes the table. */
  readonly command: string;
  /** How many seconds to wait for the lock (default 0). */
  readonly wait?: number | undefined;
  /** What becomes of the changes before a refusal (default `rollback`). */
  readonly onRefusal?: RefusalPolicy | undefined;
  /** Where plans are kept for undo, instead of the host's folder. */
  readonly undoFolder?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told after each batch how many changes are done, of how many. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Looks at the plan before anything is changed. Nothing is, where it rejects. */
  readonly check?: ((prepared: Prepared, changes: readonly PlannedChange[]) => Promise<void>) | undefined;
}

/** What was planned, and what became of it. */
export interface TableChange {
  readonly changes: readonly PlannedChange[];
  /** Absent where there was nothing to change. */
  readonly result?: TransactionResult;
}

/**
 * Makes a plan and carries it out under the lock of the table, so that no other command of ours comes between. Rejects where
 * nothing was changed: with an IpvsError, a LockError, a FileError (the plan cannot be saved) or what `check` throws.
 */
export async function changeTable(
  host: Host,
  client: IpvsClient,
  prepare: (client: IpvsClient) => Promise<Prepared>,
  options: ChangeTableOptions,
): Promise<TableChange> {
  const { command, wait = 0, undoFolder, check, signal, ...rest } = options;
  const release = await host.lock({ command: `ipvsadm ${command}`, wait, signal });
  try {
    const prepared = await prepare(client);
    const { plan, current } = prepared;
    const changes = describePlan(plan, current);
    if (isEmpty(plan)) return { changes };
    await check?.(prepared, changes);
    const store = await UndoStore.open(host, undoFolder);
    const now = new Date(host.clock.now());
    return { changes, result: await runTransaction(plan, current, client, { command, store, now, signal, ...rest }) };
  } finally {
    release();
  }
}

import { exitStatus } from "../cli/exit-status.js";
import { VerbError } from "../cli/verb-error.js";
import type { PlanEnd, VerbResult } from "../format/json/changes/result-document.js";
import type { IpvsClient } from "../ipvs/client.js";
import type { PlannedChange } from "../model/changes/plan.js";
import type { Refusal } from "../plan/apply.js";
import { describePlan } from "../plan/describe.js";
import { type ChangeTableOptions, changeTable } from "../transaction/change-table.js";
import type { Prepared } from "../transaction/prepare.js";
import type { TransactionResult } from "../transaction/transaction.js";
import { HostCommand } from "./base.js";
import { parseWait } from "./flags/change-flags.js";
import { listChanges, printPlan, printResult } from "./print-plan.js";

interface ChangeFlagValues {
  readonly "dry-run": boolean;
  readonly wait: string;
  readonly "undo-folder"?: string | undefined;
  readonly json: boolean;
}

/** A verb that changes the table by a plan: under the lock, saved for undo, and taken back where the kernel refuses. */
export abstract class ChangeCommand extends HostCommand {
  protected abstract readonly verb: string;

  /**
   * Makes the plan and carries it out, or with --dry-run only shows it. `check` refuses a plan by throwing. Rejects with a
   * VerbError where the table is not as planned in the end.
   */
  protected async change(
    flags: ChangeFlagValues,
    prepare: (client: IpvsClient) => Promise<Prepared>,
    options: Pick<ChangeTableOptions, "check" | "onRefusal"> = {},
  ): Promise<void> {
    const wait = parseWait(flags.wait);
    const client = await this.host.openKernel({ loadModule: true });
    try {
      if (flags["dry-run"]) return await this.#show(await prepare(client), flags, options.check);
      await this.#carryOut(client, prepare, flags, { ...options, wait });
    } finally {
      client.close();
    }
  }

  async #show(prepared: Prepared, { json }: ChangeFlagValues, check: ChangeTableOptions["check"]): Promise<void> {
    const changes = describePlan(prepared.plan, prepared.current);
    if (changes.length > 0) await check?.(prepared, changes);
    if (json) await this.#printResult(changes.length === 0 ? "unchanged" : "planned", changes, undefined);
    else await printPlan(changes, this.host);
  }

  async #carryOut(
    client: IpvsClient,
    prepare: (client: IpvsClient) => Promise<Prepared>,
    flags: ChangeFlagValues,
    options: Pick<ChangeTableOptions, "check" | "onRefusal" | "wait">,
  ): Promise<void> {
    const signal = await this.host.interrupt();
    const progress = await this.host.terminal.progress();
    const { changes, result } = await changeTable(this.host, client, prepare, {
      ...options,
      command: this.verb,
      undoFolder: flags["undo-folder"],
      signal,
      onProgress: (done, total) => progress.show(`ipvsadm ${this.verb}: ${done} of ${total} changes`),
    });
    progress.clear();
    const failure = result && failureOf(result, signal);
    if (flags.json) await this.#printResult(result?.outcome ?? "unchanged", changes, result, failure?.message);
    else if (failure === undefined) this.#summarize(changes, result);
    if (failure !== undefined) throw failure;
  }

  #summarize(changes: readonly PlannedChange[], result: TransactionResult | undefined): void {
    const text =
      result === undefined
        ? "nothing to change"
        : `${changes.length === 1 ? "1 change" : `${changes.length} changes`} made; to take ${
            changes.length === 1 ? "it" : "them"
          } back: ipvsadm undo ${result.undo ?? ""}`;
    this.host.stdout.writeText(`${text}\n`);
  }

  async #printResult(
    outcome: PlanEnd,
    changes: readonly PlannedChange[],
    result: TransactionResult | undefined,
    error?: string,
  ): Promise<void> {
    const { undo, remaining = [] } = result ?? {};
    const takenAt = new Date(this.host.clock.now());
    const document: VerbResult = { command: this.verb, takenAt, outcome, undo, error, changes, remaining };
    await printResult(document, this.host);
  }
}

/** What to say of a plan that was not carried out. */
function failureOf({ outcome, refusals, failure, remaining, undo }: TransactionResult, signal: AbortSignal) {
  if (outcome === "done") return undefined;
  const causes = [
    ...withoutConsequences(refusals).map(({ path, error }) => `${path}: ${error.message}`),
    ...(failure ? [failure.message] : []),
  ];
  const cause = listLines(causes) || `${signal.reason instanceof Error ? signal.reason.message : "interrupted"}`;
  switch (outcome) {
    case "undone": {
      const text = "the table is as it was before";
      if (causes.length === 0 && signal.reason instanceof Error) return signal.reason;
      return new VerbError(`${cause}\n${text}`, exitStatus.refused);
    }
    case "partial":
      return new VerbError(
        `${cause}\nthe table is neither as before nor as planned; these changes are missing:\n${listChanges(remaining)}\n` +
          `to go back: ipvsadm undo ${undo ?? ""}`,
        exitStatus.halfDone,
      );
    case "changed":
      return new VerbError(
        `somebody else changed the same services meanwhile; the table differs from the plan by:\n${listChanges(remaining)}`,
        exitStatus.changedMeanwhile,
      );
  }
}

/** Servers of a service that was refused are refused too, which says nothing new. */
function withoutConsequences(refusals: readonly Refusal[]): readonly Refusal[] {
  const refused = new Set(refusals.map(({ path }) => path));
  return refusals.filter(({ path }) => {
    const owner = /^(.*)\.destinations\[\d+\]$/.exec(path)?.[1];
    return owner === undefined || !refused.has(owner);
  });
}

/** The first of many lines. */
function listLines(lines: readonly string[]): string {
  const most = 10;
  const more = lines.length > most ? [`... and ${lines.length - most} more`] : [];
  return [...lines.slice(0, most), ...more].join("\n");
}

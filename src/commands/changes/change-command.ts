import type { PlanEnd, VerbResult } from "../../format/json/changes/result-document.js";
import type { IpvsClient } from "../../ipvs/client.js";
import type { PlannedChange } from "../../model/changes/plan.js";
import { describePlan } from "../../plan/describe.js";
import { type ChangeTableOptions, changeTable, type PreparePlan } from "../../transaction/change-table.js";
import { OverrideStore } from "../../transaction/override-store.js";
import type { TransactionResult } from "../../transaction/transaction.js";
import { HostCommand } from "../base.js";
import { checkUndoFolder, parseWait } from "../flags/change-flags.js";
import { failureOf } from "../output/change-failure.js";
import { printOutcome } from "../output/outcome-output.js";
import { listChanges, printChanges, printPlan, printResult } from "./print-plan.js";

/** What a verb can add to making and carrying out its plan. */
interface ChangeHooks extends Omit<ChangeOptionsOfVerb, "wait"> {
  readonly ask?: ((client: IpvsClient) => Promise<void>) | undefined;
}

interface ChangeFlagValues {
  readonly "dry-run": boolean;
  readonly wait: string;
  readonly "undo-folder"?: string | undefined;
  readonly json: boolean;
}

/** How a verb can have its plan carried out. */
type ChangeOptionsOfVerb = Pick<ChangeTableOptions, "check" | "onRefusal" | "wait" | "claim" | "release">;

/** A verb that changes the table by a plan: under the lock, saved for undo, and taken back where the kernel refuses. */
export abstract class ChangeCommand extends HostCommand {
  protected abstract readonly verb: string;
  /** Whether it says what a plan costs clients before it carries it out. */
  protected readonly warns: boolean = true;
  /** Whether the places that the kernel's refusals name are those of a file. */
  protected readonly isFromFile: boolean = false;
  /** Whether it prints the changes that it has made. */
  protected readonly showsChanges: boolean = false;

  /**
   * Makes the plan and carries it out, or with --dry-run only shows it. `check` refuses a plan by throwing. So does `ask`, which
   * is called once and without the lock, so that a question holds up nobody. Rejects with a VerbError where the table is not as
   * planned in the end.
   */
  protected async change(
    flags: ChangeFlagValues,
    prepare: PreparePlan,
    { ask, ...options }: ChangeHooks = {},
  ): Promise<void> {
    const wait = parseWait(flags.wait);
    checkUndoFolder(flags["undo-folder"]);
    const client = await this.host.openKernel({ loadModule: true });
    try {
      if (flags["dry-run"]) return await this.#show(client, prepare, flags, options.check);
      await ask?.(client);
      await this.#carryOut(client, prepare, flags, { ...options, wait });
    } finally {
      client.close();
    }
  }

  async #show(
    client: IpvsClient,
    prepare: PreparePlan,
    { json }: ChangeFlagValues,
    check: ChangeTableOptions["check"],
  ): Promise<void> {
    const overrides = await (await OverrideStore.open(this.host)).read();
    const prepared = await prepare(client, overrides);
    const changes = describePlan(prepared.plan, prepared.current);
    const refusal = changes.length > 0 ? await refusalOf(async () => check?.(prepared, changes, overrides)) : undefined;
    const outcome = changes.length === 0 ? "unchanged" : "planned";
    if (json) await this.#printResult(outcome, changes, undefined, refusal?.message);
    else await printPlan(changes, this.host);
    if (refusal !== undefined) throw refusal;
  }

  async #carryOut(
    client: IpvsClient,
    prepare: PreparePlan,
    flags: ChangeFlagValues,
    options: ChangeOptionsOfVerb,
  ): Promise<void> {
    const signal = await this.host.interrupt();
    const progress = await this.host.terminal.progress();
    const { changes, result } = await changeTable(this.host, client, prepare, {
      ...options,
      command: this.verb,
      undoFolder: flags["undo-folder"],
      signal,
      check: async (prepared, planned, overrides) => {
        await options.check?.(prepared, planned, overrides);
        this.#warn(planned);
      },
      onProgress: (done, total, direction) =>
        progress.show(`ipvsadm ${this.verb}: ${done} of ${total} changes${direction === "back" ? " taken back" : ""}`),
    }).finally(() => progress.clear());
    const failure = result && failureOf(result, signal, this.isFromFile);
    const report = async () => {
      if (flags.json) await this.#printResult(result?.outcome ?? "unchanged", changes, result, failure?.message);
      else if (failure === undefined) await this.#summarize(changes, result);
    };
    // The failure says more about the table than an error of its output would.
    if (failure !== undefined) await report().catch(() => {});
    else await printOutcome(this.host, describeOutcome(result), report);
    if (failure !== undefined) throw failure;
  }

  /** Says what clients will notice. */
  #warn(changes: readonly PlannedChange[]): void {
    const costly = changes.filter(({ costs }) => costs.length > 0);
    if (costly.length === 0 || !this.warns) return;
    const text = `some changes cost clients something:\n${listChanges(costly)}`;
    this.host.stderr.writeText(`ipvsadm ${this.verb}: warning: ${text}\n`);
  }

  async #summarize(changes: readonly PlannedChange[], result: TransactionResult | undefined): Promise<void> {
    if (this.showsChanges) await printChanges(changes, this.host);
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

/** The error with which a check refuses. */
async function refusalOf(check: () => Promise<void>): Promise<Error | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}

/** What a verb did to the table, for somebody who does not see its output. */
function describeOutcome(result: TransactionResult | undefined): string {
  if (result === undefined) return "nothing was to change";
  return `the table was changed; to go back: ipvsadm undo ${result.undo ?? ""}`;
}

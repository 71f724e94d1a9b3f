import * as Args from "@oclif/core/args";
import * as Flags from "@oclif/core/flags";
import { exitStatus } from "../cli/exit-status.js";
import { outputJsonStyle } from "../cli/json-output.js";
import { UsageError } from "../cli/usage-error.js";
import { VerbError } from "../cli/verb-error.js";
import { decodeByteString } from "../format/json/byte-text.js";
import { renderUndoList } from "../format/json/changes/undo-list.js";
import { DocumentError } from "../format/json/document-error.js";
import { plainPlanStyle, renderPlanLines } from "../format/text/plan/plan-lines.js";
import type { PlannedChange } from "../model/changes/plan.js";
import { describePlan } from "../plan/describe.js";
import { isEmpty, makePlan } from "../plan/plan.js";
import { type Prepared, prepareStoredUndo } from "../transaction/prepare.js";
import { UndoStore } from "../transaction/undo-store.js";
import { ChangeCommand } from "./changes/change-command.js";
import { listChanges, printLines } from "./changes/print-plan.js";
import { changeFlags, checkUndoFolder } from "./flags/change-flags.js";

export class Undo extends ChangeCommand {
  static override readonly description =
    "Takes back what a command did: the services that it changed become what they were before, and no others are touched. " +
    "Without an ID it is the newest command. An undo is itself such a command, so a second one brings the changes back.";
  static override readonly examples = [
    { description: "What can be undone", command: "ipvsadm undo --list" },
    { description: "See it first", command: "ipvsadm undo --dry-run" },
  ];
  static override readonly args = {
    id: Args.string({
      name: "id",
      // oclif would otherwise read an ID from standard input.
      ignoreStdin: true,
      description: "Which command to take back, as --list names it.",
    }),
  };
  static override readonly flags = {
    list: Flags.boolean({
      summary: "List the commands that can be taken back, newest first, with what each changed.",
      exclusive: ["dry-run"],
    }),
    ...changeFlags,
  };
  protected readonly verb = "undo";

  async run(): Promise<void> {
    const { flags, args } = await this.parse(Undo);
    checkUndoFolder(flags["undo-folder"]);
    const store = await UndoStore.open(this.host, flags["undo-folder"]);
    if (flags.list) {
      if (args.id !== undefined) throw new UsageError("--list takes no ID");
      return this.#list(store, flags.json);
    }
    await this.change(flags, async (client) => {
      const prepared = await prepareStoredUndo(client, store, { id: args.id, forgets: !flags["dry-run"] });
      if (prepared === undefined) throw new VerbError(missingText(args.id), exitStatus.refused);
      if (!isEmpty(prepared.plan)) this.#warnOfOthers(prepared);
      return prepared;
    });
  }

  async #list(store: UndoStore, json: boolean): Promise<void> {
    const entries = await store.list();
    if (json) {
      const list = { takenAt: new Date(this.host.clock.now()), undo: entries };
      for (const piece of renderUndoList(list, await outputJsonStyle(this.host))) this.host.stdout.write(piece);
      return;
    }
    // One after the other: a plan may be large.
    for (const { id } of entries) printLines([`${id}  ${await this.#summarizeUndo(store, id)}`], this.host);
  }

  /** What a command did: its change, or the first one of several. */
  async #summarizeUndo(store: UndoStore, id: string): Promise<string> {
    try {
      const plan = await store.read(id);
      if (plan === undefined) return "it is no longer there";
      const changes = describePlan(makePlan(plan.before, plan.after), plan.before);
      const [first = ""] = renderPlanLines(changes.slice(0, 1), plainPlanStyle);
      return changes.length === 1 ? first : `${first} and ${changes.length - 1} more`;
    } catch (error) {
      if (error instanceof DocumentError) return `it cannot be read: ${error.message}`;
      throw error;
    }
  }

  /** Somebody who takes back an old command may not know what came after it. */
  #warnOfOthers({ moved, plan, current }: Prepared): void {
    if (moved.length === 0) return;
    const since = listChanges(moved.map(reverseChange));
    const text = `this has changed since that command:\n${since}\nthe undo changes it to what was before the command:`;
    this.host.stderr.writeText(`ipvsadm undo: warning: ${text}\n${listChanges(describePlan(plan, current))}\n`);
  }
}

/** The change that the given one would take back. */
function reverseChange(change: PlannedChange): PlannedChange {
  const { before, after } = change;
  return { ...change, before: after, after: before, costs: [] } as PlannedChange;
}

function missingText(id: string | undefined): string {
  if (id === undefined) return "there is nothing to undo";
  return `${decodeByteString(id)}: no such command\n\`ipvsadm undo --list\` lists them`;
}

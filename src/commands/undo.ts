import * as Args from "@oclif/core/args";
import * as Flags from "@oclif/core/flags";
import { exitStatus } from "../cli/exit-status.js";
import { UsageError } from "../cli/usage-error.js";
import { VerbError } from "../cli/verb-error.js";
import { renderUndoList } from "../format/json/changes/undo-list.js";
import type { PlannedChange } from "../model/changes/plan.js";
import { describePlan } from "../plan/describe.js";
import { isEmpty } from "../plan/plan.js";
import { type Prepared, prepareStoredUndo } from "../transaction/prepare.js";
import { type UndoEntry, UndoStore } from "../transaction/undo-store.js";
import { ChangeCommand } from "./changes/change-command.js";
import { jsonStyle, listChanges, printLines } from "./changes/print-plan.js";
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
      // The words of standard input are nobody's choice.
      ignoreStdin: true,
      description: "Which command to take back, as --list names it.",
    }),
  };
  static override readonly flags = {
    list: Flags.boolean({ summary: "List the commands that can be taken back, newest first.", exclusive: ["dry-run"] }),
    ...changeFlags,
  };
  protected readonly verb = "undo";

  async run(): Promise<void> {
    const { flags, args } = await this.parse(Undo);
    checkUndoFolder(flags["undo-folder"]);
    const store = await UndoStore.open(this.host, flags["undo-folder"]);
    if (flags.list) {
      if (args.id !== undefined) throw new UsageError("--list takes no ID");
      return this.#list(await store.list(), flags.json);
    }
    await this.change(flags, async (client) => {
      const prepared = await prepareStoredUndo(client, store, { id: args.id, forgets: !flags["dry-run"] });
      if (prepared === undefined) throw new VerbError(missingText(args.id), exitStatus.refused);
      if (!isEmpty(prepared.plan)) this.#warnOfOthers(prepared);
      return prepared;
    });
  }

  async #list(entries: readonly UndoEntry[], json: boolean): Promise<void> {
    if (!json) {
      return printLines(
        entries.map(({ id, command, time }) => `${id}  ${time}  ${command}`),
        this.host,
      );
    }
    const list = { takenAt: new Date(this.host.clock.now()), undo: entries };
    for (const piece of renderUndoList(list, await jsonStyle(this.host))) this.host.stdout.write(piece);
  }

  /** Somebody who takes back an old command may not know what came after it. */
  #warnOfOthers({ moved, plan, current }: Prepared): void {
    if (moved.length === 0) return;
    const since = listChanges(moved.map(reverseChange));
    const text = `this has changed since that command:\n${since}\nthe undo changes it to what was before the command:`;
    this.host.stderr.writeText(`ipvsadm undo: warning: ${text}\n${listChanges(describePlan(plan, current))}\n`);
  }
}

/** What was done, of a change that would take it back. */
function reverseChange(change: PlannedChange): PlannedChange {
  const { before, after } = change;
  return { ...change, before: after, after: before, costs: [] } as PlannedChange;
}

function missingText(id: string | undefined): string {
  return id === undefined ? "there is nothing to undo" : `${id}: no such command\n\`ipvsadm undo --list\` lists them`;
}

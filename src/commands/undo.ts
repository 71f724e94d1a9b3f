import * as Args from "@oclif/core/args";
import * as Flags from "@oclif/core/flags";
import { exitStatus } from "../cli/exit-status.js";
import { VerbError } from "../cli/verb-error.js";
import type { IpvsClient } from "../ipvs/client.js";
import { prepareUndo } from "../transaction/prepare.js";
import { UndoStore } from "../transaction/undo-store.js";
import { ChangeCommand } from "./change-command.js";
import { changeFlags } from "./flags/change-flags.js";
import { listChanges, printLines } from "./print-plan.js";

export class Undo extends ChangeCommand {
  static override readonly description =
    "Takes back what a command did: the services that it changed become what they were before, and no others are touched. " +
    "Without an ID it is the newest command. An undo is itself such a command, so a second one brings the changes back.";
  static override readonly examples = [
    { description: "What can be undone", command: "ipvsadm undo --list" },
    { description: "See it first", command: "ipvsadm undo --dry-run" },
  ];
  static override readonly args = {
    id: Args.string({ name: "id", description: "Which command to take back, as --list names it." }),
  };
  static override readonly flags = {
    list: Flags.boolean({ summary: "List the commands that can be taken back, newest first.", exclusive: ["dry-run"] }),
    ...changeFlags,
  };
  protected readonly verb = "undo";

  async run(): Promise<void> {
    const { flags, args } = await this.parse(Undo);
    const store = await UndoStore.open(this.host, flags["undo-folder"]);
    const entries = await store.list();
    if (flags.list) {
      if (flags.json) this.host.stdout.writeText(`${JSON.stringify(entries)}\n`);
      else
        printLines(
          entries.map(({ id, command, time }) => `${id}  ${time}  ${command}`),
          this.host,
        );
      return;
    }
    const id = args.id ?? entries[0]?.id;
    if (id === undefined) throw new VerbError("there is nothing to undo", exitStatus.refused);
    const recorded = await store.read(id);
    if (recorded === undefined) {
      throw new VerbError(`${id}: no such command\n\`ipvsadm undo --list\` lists them`, exitStatus.refused);
    }
    await this.change(flags, async (client: IpvsClient) => {
      const prepared = await prepareUndo(client, recorded);
      if (prepared.moved.length > 0) {
        this.host.stderr.writeText(
          `ipvsadm undo: warning: the table changed after that command, which is taken back too:\n${listChanges(prepared.moved)}\n`,
        );
      }
      return prepared;
    });
  }
}

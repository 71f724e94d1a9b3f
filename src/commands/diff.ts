import * as Flags from "@oclif/core/flags";
import { exitStatus } from "../cli/exit-status.js";
import { outputJsonStyle } from "../cli/json-output.js";
import { renderPlan } from "../format/json/changes/plan-document.js";
import { renderCommandLine } from "../format/text/plan/command-lines.js";
import { describePlan } from "../plan/describe.js";
import { isEmpty, type PhasedPlan } from "../plan/plan.js";
import { OverrideStore } from "../transaction/override-store.js";
import { prepareDesired } from "../transaction/prepare.js";
import { HostCommand } from "./base.js";
import { printLines, printPlan } from "./changes/print-plan.js";
import { readDesiredFile } from "./changes/read-desired-file.js";
import { comparisonFlags, fileFlag, selectionFlags, toPlanSelection, warnOfUnmet } from "./flags/plan-flags.js";

export class Diff extends HostCommand {
  static override readonly description =
    "Reads a file and the table, and prints the changes that `ipvsadm apply` would make, in its order. A line below a " +
    "change begins with ! and says what the change costs clients. Settings count, counters do not. Nothing is changed. " +
    "The exit status is 0 where the table is as the file says, 1 where it differs, and more if something is wrong.";
  static override readonly examples = [
    { description: "What would change", command: "ipvsadm diff -f web.yaml" },
    {
      description: "Plan now, carry out exactly that later",
      command: "ipvsadm diff -f web.json --json > plan.json; ipvsadm apply --plan plan.json",
    },
    { description: "Leave what kube-proxy owns alone", command: "ipvsadm diff -f web.json --ignore if:kube-ipvs0" },
  ];
  static override readonly flags = {
    ...fileFlag,
    ...selectionFlags,
    ...comparisonFlags,
    json: Flags.boolean({ summary: "Print the plan as one JSON document.", exclusive: ["commands"] }),
    commands: Flags.boolean({ summary: "Print lines for `ipvsadm -R`." }),
  };

  async run(): Promise<number> {
    const { flags } = await this.parse(Diff);
    const selection = await toPlanSelection(flags, this.host);
    const desired = await readDesiredFile(flags.file, "diff", this.host);
    const client = await this.host.openKernel({ loadModule: true });
    try {
      const overrides = await (await OverrideStore.open(this.host)).read();
      const { plan, current, held } = await prepareDesired(client, desired, selection.options, overrides);
      warnOfUnmet(selection, "diff", "the file or the table", this.host);
      const changes = describePlan(plan, current);
      if (flags.json) {
        const { services, before, after } = plan;
        const recorded = {
          command: "apply",
          takenAt: new Date(this.host.clock.now()),
          changes,
          services,
          before,
          after,
          ...(held && { held }),
        };
        for (const piece of renderPlan(recorded, await outputJsonStyle(this.host))) this.host.stdout.write(piece);
      } else if (flags.commands) this.#printCommands(plan);
      else await printPlan(changes, this.host, held);
      return isEmpty(plan) ? exitStatus.success : exitStatus.failure;
    } finally {
      client.close();
    }
  }

  #printCommands({ phases }: PhasedPlan): void {
    const lines: string[] = [];
    for (const { path, change } of phases.flat()) {
      const command = renderCommandLine(change);
      if ("line" in command) lines.push(command.line);
      else this.host.stderr.writeText(`ipvsadm diff: ${path}: no line can say it: ${command.obstacle}\n`);
    }
    printLines(lines, this.host);
  }
}

import * as Flags from "@oclif/core/flags";
import { inJsonFile } from "../classic/desired/fault-place.js";
import { exitStatus } from "../cli/exit-status.js";
import { VerbError } from "../cli/verb-error.js";
import { listsChanges, parsePlanBytes, type ReadPlan } from "../format/json/changes/plan-document.js";
import { DocumentError } from "../format/json/document-error.js";
import { readDocumentBytes } from "../format/json/read-document.js";
import type { IpvsClient } from "../ipvs/client.js";
import { eventOf, type PlannedChange } from "../model/changes/plan.js";
import type { Override } from "../model/override.js";
import { type DeletionLimit, findExcess } from "../plan/deletion-guard.js";
import { type Prepared, prepareDesired, prepareRecorded } from "../transaction/prepare.js";
import { refusalPolicies } from "../transaction/transaction.js";
import { ChangeCommand } from "./changes/change-command.js";
import { listChanges, listHeld } from "./changes/print-plan.js";
import { readDesiredFile } from "./changes/read-desired-file.js";
import { changeFlags } from "./flags/change-flags.js";
import {
  comparisonFlags,
  fileFlag,
  parseDeletionLimit,
  selectionFlags,
  toPlanSelection,
  warnOfUnmet,
} from "./flags/plan-flags.js";

export class Apply extends ChangeCommand {
  static override readonly description =
    "Makes the table what a file says: only what differs is changed, in an order that keeps every service that stays " +
    "reachable. The file is checked whole first. What is about to change is saved for `ipvsadm undo`. If the kernel refuses " +
    "a change, what was done is taken back.";
  static override readonly examples = [
    { description: "See it first", command: "ipvsadm apply -f web.yaml --dry-run" },
    {
      description: "Refuse to change anything that costs clients something",
      command: "ipvsadm apply -f web.yaml --disruption refuse",
    },
    { description: "Only the services of one address", command: "ipvsadm apply -f web.yaml --only 192.0.2.10" },
  ];
  static override readonly flags = {
    ...fileFlag,
    plan: Flags.string({
      summary: "Carry out the plan that `ipvsadm diff --json` wrote, and only if the table is still the same.",
      helpValue: "FILE",
      exclusive: ["file", "only", "ignore", "no-prune", "keep-weights", "no-overrides"],
    }),
    ...selectionFlags,
    ...comparisonFlags,
    "max-delete": Flags.string({
      summary: "Refuse to delete more than NUMBER services, or more than a percentage of them.",
      description:
        "Below 100%, a service that stays may not lose all of its servers either. An empty or cut file is what this protects from.",
      helpValue: "NUMBER|PERCENT%",
      default: "50%",
    }),
    disruption: Flags.option({ options: ["warn", "refuse"] as const })({
      summary: "What to do with changes that cost clients something.",
      default: "warn" as const,
    }),
    "on-error": Flags.option({ options: refusalPolicies })({
      summary: "What becomes of the other changes where the kernel refuses one.",
      default: "rollback" as const,
    }),
    ...changeFlags,
  };
  protected readonly verb = "apply";
  protected override readonly isFromFile = true;

  async run(): Promise<void> {
    const { flags } = await this.parse(Apply);
    const limit = parseDeletionLimit(flags["max-delete"]);
    const recorded = flags.plan === undefined ? undefined : await this.#readPlan(flags.plan);
    const check = async (prepared: Prepared, changes: readonly PlannedChange[]) => {
      if (recorded !== undefined) checkRecorded(recorded, prepared, changes);
      checkDeletions(prepared, changes, limit);
      if (flags.disruption === "refuse") checkCosts(changes);
    };
    const prepare = recorded
      ? (client: IpvsClient) => prepareRecorded(client, recorded.plan)
      : await this.#fromFile(flags);
    await this.change(flags, prepare, { check, onRefusal: flags["on-error"] });
  }

  async #fromFile(flags: { readonly file: string } & Parameters<typeof toPlanSelection>[0]) {
    const selection = await toPlanSelection(flags, this.host);
    const desired = await readDesiredFile(flags.file, this.verb, this.host);
    return async (client: IpvsClient, overrides: readonly Override[]) => {
      const prepared = await prepareDesired(client, desired, selection.options, overrides);
      warnOfUnmet(selection, this.verb, "the file or the table", this.host);
      const { held = [] } = prepared;
      if (held.length > 0) this.host.stderr.writeText(`ipvsadm apply: note: left as it is:\n${listHeld(held)}\n`);
      return prepared;
    };
  }

  async #readPlan(path: string): Promise<PlanFile> {
    const { files, stdin } = this.host;
    const bytes = await readDocumentBytes(path === "-" ? stdin : files.read(path));
    const locate = (error: unknown) =>
      error instanceof DocumentError ? inJsonFile(error, bytes, path === "-" ? undefined : path) : error;
    try {
      return { plan: parsePlanBytes(bytes), locate };
    } catch (error) {
      throw locate(error);
    }
  }
}

/** --disruption refuse forbids every change that costs clients something. */
function checkCosts(changes: readonly PlannedChange[]): void {
  const costly = changes.filter(({ costs }) => costs.length > 0);
  if (costly.length === 0) return;
  const text = `the plan costs clients something, and --disruption refuse forbids that:\n${listChanges(costly)}`;
  throw new VerbError(text, exitStatus.refused);
}

function checkDeletions({ plan, services }: Prepared, changes: readonly PlannedChange[], limit: DeletionLimit): void {
  const excess = findExcess(plan, services, limit);
  if (excess === undefined) return;
  const deleted = changes.filter((change) => change.object === "service" && eventOf(change) === "delete");
  const list = deleted.length === 0 ? "" : `:\n${listChanges(deleted.map((change) => ({ ...change, costs: [] })))}`;
  const advice =
    "to leave services alone that the file does not have, use --no-prune, or name those that it concerns with --only\n" +
    "to do it anyway, use --max-delete 100%; to see the whole plan, use `ipvsadm diff`";
  throw new VerbError(`${excess}${list}\n${advice}`, exitStatus.refused);
}

/** A plan of a file, and what gives an error in it its place there. */
interface PlanFile {
  readonly plan: ReadPlan;
  readonly locate: (error: unknown) => unknown;
}

function checkRecorded({ plan, locate }: PlanFile, { moved }: Prepared, changes: readonly PlannedChange[]): void {
  if (moved.length > 0) {
    const text = `the table is not the one that the plan was made from; these changes would make it so:\n${listChanges(moved)}`;
    throw new VerbError(text, exitStatus.changedMeanwhile);
  }
  if (!listsChanges(plan, changes)) throw locate(new DocumentError("do not follow from before and after", "changes"));
}

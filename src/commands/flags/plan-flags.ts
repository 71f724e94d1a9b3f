import * as Flags from "@oclif/core/flags";
import { parseServiceFilter } from "../../cli/service-filter.js";
import { UsageError } from "../../cli/usage-error.js";
import type { Host } from "../../host/host.js";
import type { DeletionLimit } from "../../plan/deletion-guard.js";
import type { PlanOptions } from "../../plan/narrow.js";

/** The file that says what the table is to be. */
export const fileFlag = {
  file: Flags.string({
    char: "f",
    summary: "A file of JSON, YAML or lines of `ipvsadm -S`; - is standard input.",
    helpValue: "FILE",
    default: "-",
  }),
};

export function onlyFlag(summary: string) {
  return Flags.string({
    summary,
    description:
      "A SELECTOR is [tcp:|udp:|sctp:]ADDRESS[/LENGTH][:PORT], fwmark:MARK, or if:NAME for the addresses of an interface.",
    helpValue: "SELECTOR",
    multiple: true,
    multipleNonGreedy: true,
  });
}

/** What a plan leaves alone. */
export const selectionFlags = {
  only: onlyFlag("Only these services, and neither timeouts nor daemons. Can be repeated."),
  ignore: Flags.string({
    summary: "Leave these services alone. Can be repeated.",
    helpValue: "SELECTOR",
    multiple: true,
    multipleNonGreedy: true,
  }),
};

/** How a file is compared with the table. */
export const comparisonFlags = {
  "no-prune": Flags.boolean({ summary: "Leave services alone that the file does not have." }),
  "keep-weights": Flags.boolean({ summary: "Leave the weights of servers as they are." }),
  "no-overrides": Flags.boolean({ summary: "Change weights that a drain, a ramp or somebody holds." }),
};

interface SelectionValues {
  readonly only?: readonly string[] | undefined;
  readonly ignore?: readonly string[] | undefined;
  readonly "no-prune"?: boolean | undefined;
  readonly "keep-weights"?: boolean | undefined;
  readonly "no-overrides"?: boolean | undefined;
}

/** Options of plans, and the selectors that have selected nothing in plans made with them. */
export interface PlanSelection {
  readonly options: PlanOptions;
  /** Byte strings such as `--only 192.0.2.99`. */
  unmet(): readonly string[];
}

/** What the flags leave alone. Rejects with a UsageError. */
export async function toPlanSelection(flags: SelectionValues, host: Host): Promise<PlanSelection> {
  const addressesOf = (name: string) => host.interfaceAddresses(name);
  const only = await parseServiceFilter("--only", flags.only, addressesOf);
  const ignore = await parseServiceFilter("--ignore", flags.ignore, addressesOf);
  const options = {
    only: only?.isMet,
    ignore: ignore?.isMet,
    prune: !flags["no-prune"],
    keepWeights: flags["keep-weights"],
    overrides: !flags["no-overrides"],
  };
  return { options, unmet: () => [...(only?.unmet() ?? []), ...(ignore?.unmet() ?? [])] };
}

/** Says which selectors have selected nothing: a mistyped one would look like nothing to do, or leave out nothing. */
export function warnOfUnmet({ unmet }: PlanSelection, verb: string, where: string, { stderr }: Host): void {
  for (const selector of unmet()) {
    stderr.write(`ipvsadm ${verb}: warning: ${selector} selects nothing in ${where}\n`);
  }
}

/** A number of services, or a percentage of them. Throws a UsageError. */
export function parseDeletionLimit(text: string): DeletionLimit {
  const [, digits, percent] = /^(\d{1,9})(%?)$/.exec(text) ?? [];
  const number = Number(digits);
  if (digits === undefined || (percent === "%" && number > 100)) {
    throw new UsageError(`--max-delete takes a number or a percentage up to 100%, not ${text}`);
  }
  return percent === "%" ? { percent: number } : { services: number };
}

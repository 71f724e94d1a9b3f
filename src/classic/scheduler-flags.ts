import type { SchedulerFlag } from "../ipvs/model.js";
import { UsageError } from "./usage-error.js";

/** The names of scheduler flags and the only scheduler that some of them are for. */
export const schedulerFlags: Readonly<Record<string, { readonly flag: SchedulerFlag; readonly scheduler?: string }>> = {
  "flag-1": { flag: 1 },
  "flag-2": { flag: 2 },
  "flag-3": { flag: 3 },
  "sh-fallback": { flag: 1, scheduler: "sh" },
  "sh-port": { flag: 2, scheduler: "sh" },
  "mh-fallback": { flag: 1, scheduler: "mh" },
  "mh-port": { flag: 2, scheduler: "mh" },
};

/** The binary keeps this much of the list. */
const longestList = 127;

/** A comma list of scheduler flags, ascending. Empty items do not count; a list of nothing else is refused. */
export function parseSchedulerFlags(text: string, scheduler: string): SchedulerFlag[] {
  if (text === "") return [];
  const names = text
    .slice(0, longestList)
    .split(",")
    .filter((name) => name !== "");
  if (names.length === 0) throw new UsageError(`invalid scheduler flag \`${text}'`);
  const found = new Set<SchedulerFlag>();
  for (const name of names) {
    const known = Object.hasOwn(schedulerFlags, name) ? schedulerFlags[name] : undefined;
    if (known === undefined) throw new UsageError(`invalid scheduler flag \`${name}'`);
    if (known.scheduler !== undefined && known.scheduler !== scheduler) {
      throw new UsageError(`incompatible scheduler flag \`${name}'`);
    }
    found.add(known.flag);
  }
  return [...found].sort();
}

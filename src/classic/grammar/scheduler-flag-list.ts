import { UsageError } from "../../cli/usage-error.js";
import { findFlag } from "../../model/scheduler-flags.js";
import type { SchedulerFlag } from "../../model/table.js";

/** ipvsadm keeps only this many characters of the list. */
const longestList = 127;

/** Parses a comma-separated list of scheduler flags, sorted. Empty items are skipped; a list of nothing else is refused. */
export function parseSchedulerFlags(text: string, scheduler: string): SchedulerFlag[] {
  if (text === "") return [];
  const names = text
    .slice(0, longestList)
    .split(",")
    .filter((name) => name !== "");
  if (names.length === 0) throw new UsageError(`invalid scheduler flag \`${text}'`);
  const found = new Set<SchedulerFlag>();
  for (const name of names) {
    const known = findFlag(name);
    if (known === undefined) throw new UsageError(`invalid scheduler flag \`${name}'`);
    if (known.scheduler !== undefined && known.scheduler !== scheduler) {
      throw new UsageError(`incompatible scheduler flag \`${name}'`);
    }
    found.add(known.flag);
  }
  return [...found].sort();
}

import { isSame } from "../equality.js";
import type { FieldChange, SettingChanges } from "../watch-event.js";

/** What differs between two records, by the names of the first and then of the second. */
export function changesBetween<Settings extends object>(
  before: Partial<Settings>,
  after: Settings,
): SettingChanges<Settings> {
  const changes: Partial<Record<keyof Settings, FieldChange<unknown>>> = {};
  for (const name of Object.keys({ ...before, ...after }) as (keyof Settings)[]) {
    const [old, now] = [before[name], after[name]];
    if (!isSame(old, now))
      changes[name] = { ...(old !== undefined && { old }), ...(now !== undefined && { new: now }) };
  }
  return changes as SettingChanges<Settings>;
}

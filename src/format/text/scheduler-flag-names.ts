import { flagName, hasOwnFlagNames, ownFlagName } from "../../model/scheduler-flags.js";
import type { ServiceSettings } from "../../model/table.js";

/**
 * The names of a service's scheduler flags, comma-separated; undefined where no flag is set. As in the original, a
 * scheduler that has names of its own shows no other flags.
 */
export function renderSchedulerFlags({ scheduler, schedulerFlags }: ServiceSettings): string | undefined {
  if (schedulerFlags.length === 0) return undefined;
  const nameOf = hasOwnFlagNames(scheduler) ? ownFlagName : flagName;
  return schedulerFlags
    .map((flag) => nameOf(scheduler, flag))
    .filter((name) => name !== undefined)
    .join(",");
}

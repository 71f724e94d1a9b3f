import type { SchedulerFlag, ServiceSettings } from "../ipvs/model.js";

/** What the schedulers that have flags of their own call them; the original shows no others for these schedulers. */
export const OWN_FLAG_NAMES: Readonly<Record<string, Partial<Record<SchedulerFlag, string>>>> = {
  sh: { 1: "sh-fallback", 2: "sh-port" },
  mh: { 1: "mh-fallback", 2: "mh-port" },
};

/** The names of a service's scheduler flags, comma-separated; undefined where no flag is set. */
export function renderSchedulerFlags({ scheduler, schedulerFlags }: ServiceSettings): string | undefined {
  if (schedulerFlags.length === 0) return undefined;
  const own = Object.hasOwn(OWN_FLAG_NAMES, scheduler) ? OWN_FLAG_NAMES[scheduler] : undefined;
  return schedulerFlags
    .map((flag) => (own ? own[flag] : `flag-${flag}`))
    .filter((name) => name !== undefined)
    .join(",");
}

import type { SchedulerFlag, ServiceSettings } from "./table.js";

interface NamedFlag {
  readonly name: string;
  readonly flag: SchedulerFlag;
  /** The only scheduler that has this name for the flag; absent where every scheduler has it. */
  readonly scheduler?: string;
}

/**
 * Schedulers that choose a server by a hash of an address (`dh`: the destination's), and give a server its share of the
 * clients even when its weight is 0 or its upper threshold is reached. The kernel then refuses these clients.
 */
export const hashingSchedulers: readonly string[] = ["sh", "dh", "mh"];

/** Schedulers that only ask whether the weight is 0. */
export const unweightedSchedulers: readonly string[] = ["rr", "lc", "dh"];

/** The names of scheduler flags (IP_VS_SVC_F_SCHED1 to 3), as ipvsadm's -b takes them. */
export const namedFlags: readonly NamedFlag[] = [
  { name: "flag-1", flag: 1 },
  { name: "flag-2", flag: 2 },
  { name: "flag-3", flag: 3 },
  { name: "sh-fallback", flag: 1, scheduler: "sh" },
  { name: "sh-port", flag: 2, scheduler: "sh" },
  { name: "mh-fallback", flag: 1, scheduler: "mh" },
  { name: "mh-port", flag: 2, scheduler: "mh" },
];

/** The flag of a name; undefined where no scheduler has the name. */
export function findFlag(name: string): NamedFlag | undefined {
  return namedFlags.find((known) => known.name === name);
}

/** Whether the scheduler can have a flag of this name. */
export function isFlagOf(scheduler: string, name: string): boolean {
  const known = findFlag(name);
  return known !== undefined && (known.scheduler ?? scheduler) === scheduler;
}

/** Whether the scheduler has names of its own for its flags. */
export function hasOwnFlagNames(scheduler: string): boolean {
  return namedFlags.some((known) => known.scheduler === scheduler);
}

/** The scheduler's own name for a flag, or undefined. */
export function ownFlagName(scheduler: string, flag: SchedulerFlag): string | undefined {
  return namedFlags.find((known) => known.scheduler === scheduler && known.flag === flag)?.name;
}

/** Whether the scheduler passes over servers of weight 0, to which it would otherwise give their share of clients. */
export function hasFallback({
  scheduler,
  schedulerFlags,
}: Pick<ServiceSettings, "scheduler" | "schedulerFlags">): boolean {
  return schedulerFlags.some((flag) => ownFlagName(scheduler, flag) === `${scheduler}-fallback`);
}

/** The scheduler's own name for a flag, else `flag-1` to `flag-3`. */
export function flagName(scheduler: string, flag: SchedulerFlag): string {
  return ownFlagName(scheduler, flag) ?? `flag-${flag}`;
}

/** The flag by which a scheduler that hashes clients passes over servers of weight 0; undefined where it has none. */
export function fallbackFlagOf(scheduler: string): SchedulerFlag | undefined {
  return findFlag(`${scheduler}-fallback`)?.flag;
}

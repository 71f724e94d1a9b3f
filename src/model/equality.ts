import type { Daemon, Destination, ServiceSettings } from "./table.js";

/** Whether two values are the same: lists and records by what is in them. A member that is undefined counts as absent. */
export function isSame(first: unknown, second: unknown): boolean {
  if (first === second) return true;
  if (typeof first !== "object" || typeof second !== "object" || first === null || second === null) return false;
  if (Array.isArray(first) !== Array.isArray(second)) return false;
  return includes(first, second) && includes(second, first);
}

/** Whether the first record has every member of the second. */
function includes(first: object, second: object): boolean {
  for (const [name, value] of Object.entries(second)) {
    if (value !== undefined && !isSame((first as Readonly<Record<string, unknown>>)[name], value)) return false;
  }
  return true;
}

/**
 * Whether the kernel would treat the services alike. Timeout and netmask count with persistence only, since the kernel
 * uses them for nothing else.
 */
export function hasSameSettings(first: ServiceSettings, second: ServiceSettings): boolean {
  return (
    first.scheduler === second.scheduler &&
    isSame(first.schedulerFlags, second.schedulerFlags) &&
    first.onePacket === second.onePacket &&
    first.persistent === second.persistent &&
    first.engine === second.engine &&
    (!first.persistent || (first.timeout === second.timeout && first.netmask === second.netmask))
  );
}

/** Whether the kernel would treat the destinations alike. The tunnel counts with the forwarding method `tunnel` only. */
export function hasSameDestinationSettings(first: Destination, second: Destination): boolean {
  return (
    first.forward === second.forward &&
    first.weight === second.weight &&
    first.upperThreshold === second.upperThreshold &&
    first.lowerThreshold === second.lowerThreshold &&
    (first.forward !== "tunnel" || isSame(first.tunnel, second.tunnel))
  );
}

/** Whether a daemon runs as wanted. What is wanted may leave settings to the kernel; these may have any value. */
export function runsAs(running: Daemon, wanted: Daemon): boolean {
  return includes(running, wanted);
}

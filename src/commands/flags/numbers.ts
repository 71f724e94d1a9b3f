import { UsageError } from "../../cli/usage-error.js";
import { longestWait, parseShortTime } from "./durations.js";

/** The shortest time between two readings. */
export const shortestInterval = "100ms";

/** Seconds between two readings, the value of a flag. Throws a UsageError. */
export function parseInterval(text: string, flag = "--interval"): number {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : parseShortTime(text);
  if (seconds >= parseShortTime(shortestInterval) && seconds <= parseShortTime(longestWait)) return seconds;
  const range = `${shortestInterval} to ${longestWait}`;
  throw new UsageError(`${flag} takes a time from ${range}, such as 500ms or 5s, not ${JSON.stringify(text)}`);
}

/** A whole number from 1, the value of an option. Throws a UsageError. */
export function parseCount(text: string, option = "--count"): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new UsageError(`${option} takes a whole number from 1, not ${text}`);
}

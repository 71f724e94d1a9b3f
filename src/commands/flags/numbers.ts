import { UsageError } from "../../cli/usage-error.js";
import { parseShortTime } from "./durations.js";

const shortest = 0.1;
/** The longest a timer of Node can wait is 2^31 - 1 milliseconds. */
const longest = 86_400;

/** Seconds from 0.1 to a day, the value of a flag. Throws a UsageError. */
export function parseInterval(text: string, flag = "--interval"): number {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : parseShortTime(text);
  if (seconds >= shortest && seconds <= longest) return seconds;
  throw new UsageError(`${flag} takes a time from 100ms to a day, such as 500ms or 5s, not ${JSON.stringify(text)}`);
}

/** A whole number from 1, the value of an option. Throws a UsageError. */
export function parseCount(text: string, option = "--count"): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new UsageError(`${option} takes a whole number from 1, not ${text}`);
}

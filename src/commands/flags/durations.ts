import { UsageError } from "../../cli/usage-error.js";

const secondsOfDay = 86_400;
const secondsOf: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600, d: secondsOfDay };
/** A year: what is longer was not meant. */
const longestDuration = 365 * secondsOfDay;

/** The longest interval, and the longest wait for another command, that a flag takes. */
export const longestWait = "24h";

/** Seconds of a time such as `5`, `0.5`, `5s`, `100ms`, `15m` or `2h`; NaN where it is none. */
export function parseShortTime(text: string): number {
  const [, digits, unit = ""] = /^(\d{1,5}(?:\.\d{1,3})?)(ms|[smh]?)$/.exec(text) ?? [];
  return unit === "ms" ? Number(digits) / 1000 : Number(digits) * (secondsOf[unit] ?? Number.NaN);
}

/** A time such as `90`, `90s`, `15m`, `2h` or `1d`, in seconds. Throws a UsageError. */
export function parseDuration(option: string, text: string): number {
  const [, digits, unit = ""] = /^(\d{1,9}(?:\.\d{1,3})?)([smhd]?)$/.exec(text) ?? [];
  const seconds = Number(digits) * (secondsOf[unit] ?? Number.NaN);
  if (seconds > 0 && seconds <= longestDuration) return seconds;
  const limits = Number.isNaN(seconds) ? "" : `more than 0 and at most ${longestDuration / secondsOfDay}d, `;
  throw new UsageError(`${option} takes a time such as 90s, 15m or 2h, ${limits}not ${JSON.stringify(text)}`);
}

/** `35 s`, `2 min 5 s`, `1 h 3 min`. */
export function renderSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min${whole % 60 > 0 ? ` ${whole % 60} s` : ""}`;
  return `${Math.floor(minutes / 60)} h${minutes % 60 > 0 ? ` ${minutes % 60} min` : ""}`;
}

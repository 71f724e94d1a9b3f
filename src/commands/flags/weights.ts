import { UsageError } from "../../cli/usage-error.js";
import { largestInteger } from "../../model/limits.js";

/** A weight that is not 0. Throws a UsageError. */
export function parseWeight(option: string, text: string): number {
  const weight = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (weight >= 1 && weight <= largestInteger) return weight;
  throw new UsageError(`${option} takes a weight from 1 to ${largestInteger}, not ${text}`);
}

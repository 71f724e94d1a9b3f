import { UsageError } from "../../cli/usage-error.js";
import { decodeByteString } from "../../format/json/byte-text.js";
import { checkReason } from "../../model/input/check-value.js";

/** A reason that others will read, as Unicode text. `argument` is a byte string. Throws a UsageError. */
export function parseReason(option: string, argument: string): string {
  try {
    return checkReason(decodeByteString(argument), option);
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  }
}

import { UsageError } from "../../cli/usage-error.js";
import { decodeByteString } from "../../format/json/byte-text.js";

/** A reason that others will read, as Unicode text. `argument` is a byte string. Throws a UsageError. */
export function parseReason(option: string, argument: string): string {
  const text = decodeByteString(argument);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal would obey them.
  if (text !== "" && text.length <= 200 && !/[\u0000-\u001f\u007f-\u009f]/.test(text)) return text;
  throw new UsageError(`${option} takes a reason of 1 to 200 characters without control characters`);
}

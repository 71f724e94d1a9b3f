import { documentLimits, toExactInteger } from "../json/parse-json.js";

/** A number that is longer than a document may have it. */
export const tooLongNumber = Symbol("a number that is too long");

/** The core schema of YAML 1.2, by which `no`, `on` and `10:20` are text. */
const plainLiterals: ReadonlyMap<string, null | boolean> = new Map([
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, null] as const),
  ...["true", "True", "TRUE"].map((word) => [word, true] as const),
  ...["false", "False", "FALSE"].map((word) => [word, false] as const),
]);
const plainInteger = /^(?:[-+]?\d+|0o[0-7]+|0x[\dA-Fa-f]+)$/;
const plainFraction = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const infinite = /^[-+]?\.(?:inf|Inf|INF)$/;
const notANumber = /^\.(?:nan|NaN|NAN)$/;

/** What text without quotes means. */
export function parsePlainValue(text: string): null | boolean | number | bigint | string | typeof tooLongNumber {
  const literal = plainLiterals.get(text);
  if (literal !== undefined) return literal;
  const isInteger = plainInteger.test(text);
  if (isInteger || plainFraction.test(text)) {
    if (text.length > documentLimits.numberLength) return tooLongNumber;
    return isInteger ? toExactInteger(text) : Number(text);
  }
  if (infinite.test(text)) return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return notANumber.test(text) ? Number.NaN : text;
}

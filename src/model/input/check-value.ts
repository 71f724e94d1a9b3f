/**
 * Checks of single values that a program passes; in JavaScript they may have any type. Each check returns the value, or
 * throws a TypeError (wrong type) or a RangeError (wrong value) that names `path`.
 */
import { formatAddress, parseAddress } from "../address.js";
import { longestName } from "../limits.js";
import type { Family } from "../table.js";

export function checkInteger(value: unknown, path: string, smallest: number, largest: number): number {
  if (typeof value !== "number") throw new TypeError(`${path} must be a number, not ${describe(value)}`);
  if (Number.isInteger(value) && value >= smallest && value <= largest) return value;
  throw new RangeError(`${path} must be an integer from ${smallest} to ${largest}, not ${value}`);
}

export function checkBoolean(value: unknown, path: string): boolean {
  if (typeof value === "boolean") return value;
  throw new TypeError(`${path} must be true or false, not ${describe(value)}`);
}

export function checkOneOf<Choice extends string | number>(
  value: unknown,
  path: string,
  choices: readonly Choice[],
): Choice {
  const choice = choices.find((each) => each === value);
  if (choice !== undefined) return choice;
  throw new RangeError(`${path} must be one of ${choices.join(", ")}, not ${describe(value)}`);
}

/** The name of a kernel module: a scheduler or a persistence engine. */
export function checkModuleName(value: unknown, path: string): string {
  const text = checkString(value, path);
  if (/^[\w-]+$/.test(text) && text.length <= longestName) return text;
  throw new RangeError(`${path} must be 1 to ${longestName} letters, digits, _ and -, not ${describe(text)}`);
}

/** The name of a network interface, as a byte string. */
export function checkInterfaceName(value: unknown, path: string): string {
  const text = checkString(value, path);
  if (/^[!-.0-9;-~\x80-\xff]+$/.test(text) && text.length <= longestName) return text;
  throw new RangeError(`${path} must be the name of an interface, not ${describe(text)}`);
}

/** An IP address of the family, as canonical text. */
export function checkAddress(value: unknown, path: string, family: Family): string {
  const text = checkString(value, path);
  try {
    return formatAddress(family, parseAddress(family, text));
  } catch {
    throw new RangeError(`${path} must be an ${family === "inet" ? "IPv4" : "IPv6"} address, not ${describe(text)}`);
  }
}

export function checkString(value: unknown, path: string): string {
  if (typeof value === "string") return value;
  throw new TypeError(`${path} must be a string, not ${describe(value)}`);
}

/** The words of somebody for others, who may read them on a terminal: 1 to 200 characters without control characters. */
export function checkReason(value: unknown, path: string): string {
  const text = checkString(value, path);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal would obey them.
  if (text !== "" && text.length <= 200 && !/[\u0000-\u001f\u007f-\u009f\p{Surrogate}]/u.test(text)) return text;
  throw new RangeError(`${path} takes a reason of 1 to 200 characters without control characters`);
}

export function checkObject(value: unknown, path: string): void {
  if (typeof value === "object" && value !== null) return;
  throw new TypeError(`${path} must be an object, not ${describe(value)}`);
}

/** A value in a message. */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  return typeof value === "object" && value !== null ? "an object" : String(value);
}

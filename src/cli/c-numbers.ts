/** Decimal text that strtol(3) reads to its end: leading blanks and a sign are allowed, nothing may follow the digits. */
const wholeNumber = /^[ \t-\r]*[+-]?\d+$/;

/** A decimal number from minimum to maximum, or undefined. */
export function parseNumber(text: string, minimum: number, maximum: number): number | undefined {
  if (!wholeNumber.test(text)) return undefined;
  const value = Number(text) + 0; // + 0 makes -0 zero
  return value >= minimum && value <= maximum ? value : undefined;
}

const longMaximum = 2n ** 63n - 1n;

/** The number that text begins with, 0 if none, as glibc's atoi(3): clamped to 64 bits, then cut to 32. */
export function parseLeadingNumber(text: string): number {
  const digits = /^[ \t-\r]*([+-]?)(\d+)/.exec(text);
  if (digits === null) return 0;
  const magnitude = BigInt(digits[2] ?? 0);
  const value = digits[1] === "-" ? -magnitude : magnitude;
  const clamped = value > longMaximum ? longMaximum : value < -longMaximum - 1n ? -longMaximum - 1n : value;
  return Number(BigInt.asIntN(32, clamped));
}

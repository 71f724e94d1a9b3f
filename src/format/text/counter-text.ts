/** Numbers below this are shown whole, exact or not. */
const smallestLarge = 100_000_000;
const countWidth = 9;

/** The scales of ipvsadm's counters: a large number below a limit is shown as a whole multiple of a unit. */
const kilo = { below: 1_000_000_000, unit: 1_000, suffix: "K" };
const mega = { below: 100_000_000_000, unit: 1_000_000, suffix: "M" };
const giga = { below: 100_000_000_000_000, unit: 1_000_000_000, suffix: "G" };
const tera = { below: Number.POSITIVE_INFINITY, unit: 1_000_000_000_000, suffix: "T" };

/** The scale of a number from smallestLarge on. */
function scaleOf(value: number | bigint): typeof kilo {
  if (value < kilo.below) return kilo;
  if (value < mega.below) return mega;
  return value < giga.below ? giga : tera;
}

/**
 * A counter in nine columns: scaled with K, M, G or T (and cut, not rounded) where it would not fit or, if it has to be exact,
 * with all its digits in as many columns as it needs.
 */
export function renderCount(value: number | bigint, exact: boolean): string {
  if (value < smallestLarge) return inColumns(String(value));
  if (exact) return ` ${value}`;
  const { unit, suffix } = scaleOf(value);
  // The quotient of two numbers might be rounded up.
  const multiple = typeof value === "bigint" ? value / BigInt(unit) : (value - (value % unit)) / unit;
  return inColumns(multiple + suffix);
}

/** What fills the columns of a count, by the length of its text: padStart would take twice as long. */
const fillings = Array.from({ length: countWidth + 1 }, (_, length) => " ".repeat(countWidth - length));

function inColumns(text: string): string {
  return (fillings[text.length] as string) + text;
}

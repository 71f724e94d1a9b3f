/** Numbers below this are shown whole, exact or not. */
export const smallestLarge = 100_000_000;

/** The scales of ipvsadm's counters: a large number below a limit is shown as a whole multiple of a unit. */
const kilo = { below: 1_000_000_000, unit: 1_000, suffix: "K" };
const mega = { below: 100_000_000_000, unit: 1_000_000, suffix: "M" };
const giga = { below: 100_000_000_000_000, unit: 1_000_000_000, suffix: "G" };
const tera = { below: Number.POSITIVE_INFINITY, unit: 1_000_000_000_000, suffix: "T" };

/** The scale of a number from smallestLarge on. */
export function scaleOf(value: number | bigint): typeof kilo {
  if (value < kilo.below) return kilo;
  if (value < mega.below) return mega;
  return value < giga.below ? giga : tera;
}

/** A counter with all its digits: nine columns, more where it needs them. */
export function renderExactNumber(value: bigint): string {
  return ` ${value.toString().padStart(8)}`;
}

/** A counter in nine columns, scaled with K, M, G or T (and cut, not rounded) where it would not fit. */
export function renderScaledNumber(value: bigint): string {
  if (value < smallestLarge) return value.toString().padStart(9);
  const { unit, suffix } = scaleOf(value);
  return `${value / BigInt(unit)}${suffix}`.padStart(9);
}

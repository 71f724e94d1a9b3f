/** The scales of ipvsadm's counters: from `from` on a number is shown as a whole multiple of `unit`. */
const scales = [
  { from: 100_000_000_000_000n, unit: 1_000_000_000_000n, suffix: "T" },
  { from: 100_000_000_000n, unit: 1_000_000_000n, suffix: "G" },
  { from: 1_000_000_000n, unit: 1_000_000n, suffix: "M" },
  { from: 100_000_000n, unit: 1_000n, suffix: "K" },
];

/** A counter with all its digits: nine columns, more where it needs them. */
export function renderExactNumber(value: bigint): string {
  return ` ${value.toString().padStart(8)}`;
}

/** A counter in nine columns, scaled with K, M, G or T (and cut, not rounded) where it would not fit. */
export function renderScaledNumber(value: bigint): string {
  if (value < 100_000_000n) return value.toString().padStart(9);
  const scale = scales.find(({ from }) => value >= from);
  return scale === undefined ? value.toString() : `${(value / scale.unit).toString().padStart(8)}${scale.suffix}`;
}

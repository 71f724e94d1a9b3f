const steps = ["", "k", "M", "G", "T", "P", "E"] as const;

/** A number in at most five columns: 0, 0.5, 999, 1.2k, 12.3k, 123k, 1.2M. Steps of 1000. */
export function renderHumanNumber(value: number): string {
  let scaled = value;
  let step = 0;
  while (scaled >= 999.5 && step < steps.length - 1) {
    scaled /= 1000;
    step++;
  }
  const isWhole = step === 0 ? scaled >= 99.95 || Number.isInteger(scaled) : scaled >= 99.95;
  return `${isWhole ? Math.round(scaled) : scaled.toFixed(1)}${steps[step]}`;
}

const blocks = { unicode: " ▁▂▃▄▅▆▇█", ascii: " .:-=+*#@" } as const;

/** One column per value, for the last `width` of them, relative to the largest of them. */
export function renderBars(values: readonly number[], width: number, charset: "unicode" | "ascii"): string {
  const shown = values.slice(-width);
  const largest = Math.max(...shown, Number.MIN_VALUE);
  const levels = blocks[charset];
  const bars = shown.map(
    (value) => levels[value <= 0 ? 0 : Math.max(1, Math.round((value / largest) * (levels.length - 1)))],
  );
  return bars.join("").padStart(width);
}

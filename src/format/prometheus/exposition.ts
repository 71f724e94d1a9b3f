/** The two text formats of metrics: Prometheus' own, version 0.0.4, and OpenMetrics 1.0.0. */

/** One line of a family: its labels, as renderLabels makes them, and its value. */
export interface MetricSample {
  readonly labels: string;
  readonly value: number | bigint;
}

/** Metrics of one name. */
export interface MetricFamily {
  /** Without `_total` and `_info`, which belong to the samples. */
  readonly name: string;
  readonly type: "counter" | "gauge" | "info";
  readonly help: string;
  /** Of the values, where the name ends in it: `bytes`. */
  readonly unit?: string | undefined;
  readonly samples: Iterable<MetricSample>;
  /** The text of a value. Without it: all digits. */
  readonly render?: (value: number | bigint) => string;
}

export interface ExpositionOptions {
  readonly openMetrics: boolean;
}

/** Characters of a piece of text: enough that pieces cost little, few enough that one takes no noticeable time. */
const pieceLength = 32 * 1024;

/** The text of the families, in pieces. Samples are taken as they are written. */
export function* renderExposition(
  families: Iterable<MetricFamily>,
  { openMetrics }: ExpositionOptions,
): Generator<string> {
  let piece = "";
  for (const family of families) {
    piece += openMetrics ? openMetricsHead(family) : prometheusHead(family);
    const name = sampleName(family);
    const { render = String } = family;
    for (const { labels, value } of family.samples) {
      piece += `${name}${labels && `{${labels}}`} ${render(value)}\n`;
      if (piece.length >= pieceLength) {
        yield piece;
        piece = "";
      }
    }
  }
  yield openMetrics ? `${piece}# EOF\n` : piece;
}

/** Labels as they stand between braces; any text may be a value. */
export function renderLabels(labels: readonly (readonly [name: string, value: string])[]): string {
  return labels.map(([name, value]) => `${name}="${escapeText(value, true)}"`).join(",");
}

/** What a sample of the family is called. */
function sampleName({ name, type }: MetricFamily): string {
  if (type === "counter") return `${name}_total`;
  return type === "info" ? `${name}_info` : name;
}

/** Prometheus' format names a family like its samples, and knows no type `info`. */
function prometheusHead(family: MetricFamily): string {
  const name = sampleName(family);
  const type = family.type === "info" ? "gauge" : family.type;
  return `# HELP ${name} ${escapeText(family.help, false)}\n# TYPE ${name} ${type}\n`;
}

function openMetricsHead({ name, type, help, unit }: MetricFamily): string {
  const unitLine = unit !== undefined && name.endsWith(`_${unit}`) ? `# UNIT ${name} ${unit}\n` : "";
  return `# TYPE ${name} ${type}\n${unitLine}# HELP ${name} ${escapeText(help, true)}\n`;
}

/** What would end a line or a value, escaped. Prometheus' help has no escape for quotation marks. */
function escapeText(text: string, quotes: boolean): string {
  if (!/[\\\n"]/.test(text)) return text;
  const escaped = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  return quotes ? escaped.replaceAll('"', '\\"') : escaped;
}

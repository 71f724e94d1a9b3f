/** Series of services or servers: rows of labels and values, of which families are written column by column. */
import { type MetricFamily, type MetricSample, renderLabels } from "./exposition.js";

/** What one row has a value of, and how the metric of it is called. */
export interface SeriesColumn<Source> {
  readonly name: string;
  readonly type: "counter" | "gauge";
  readonly help: string;
  readonly unit?: string | undefined;
  /** A label that tells columns of one name apart. */
  readonly label?: readonly [name: string, value: string];
  from(source: Source): number | bigint;
}

export type Labels = readonly (readonly [name: string, value: string])[];

type Value = number | bigint;

/** Rows of one kind. They hold their labels as text and nothing of what they were made of: there may be very many. */
export class Series<Source> {
  readonly #rows = new Map<string, Value[]>();

  constructor(
    private readonly columns: readonly SeriesColumn<Source>[],
    /** The only labels that rows get; rows that become equal by it are added up. Undefined: all. */
    private readonly chosen: ReadonlySet<string> | undefined,
    /** Whether rows that are equal without that are added up too. Otherwise only the first one counts. */
    private readonly adds = false,
  ) {}

  /** The number of series. */
  get size(): number {
    return this.#rows.size * this.columns.length;
  }

  add(labels: Labels, source: Source): void {
    const { chosen } = this;
    const text = renderLabels(chosen ? labels.filter(([name]) => chosen.has(name)) : labels);
    const values = this.columns.map(({ from }) => from(source));
    const known = this.#rows.get(text);
    if (known === undefined) this.#rows.set(text, values);
    else if (this.adds || chosen !== undefined)
      for (const [index, value] of values.entries()) addTo(known, index, value);
  }

  /** Orders the rows by one label after the other. */
  sort(): void {
    const rows = Array.from(this.#rows, ([labels, values]) => ({ key: sortKeyOf(labels), labels, values }));
    rows.sort((a, b) => (a.key < b.key ? -1 : 1));
    this.#rows.clear();
    for (const { labels, values } of rows) this.#rows.set(labels, values);
  }

  /** A family for each name among the columns, in their order. */
  *families(): Generator<MetricFamily> {
    for (const name of new Set(this.columns.map((column) => familyKey(column)))) {
      const columns = this.columns.flatMap((column, index) => (familyKey(column) === name ? [{ column, index }] : []));
      const [first] = columns;
      if (first === undefined) continue;
      const { type, help, unit } = first.column;
      yield { name: first.column.name, type, help, unit, samples: this.#samples(columns) };
    }
  }

  *#samples(
    columns: readonly { readonly column: SeriesColumn<Source>; readonly index: number }[],
  ): Generator<MetricSample> {
    const parts = columns.map(({ column, index }) => ({ index, label: column.label && renderLabels([column.label]) }));
    for (const [labels, values] of this.#rows) {
      for (const { index, label } of parts) {
        yield { labels: label ? joinLabels(labels, label) : labels, value: values[index] ?? 0 };
      }
    }
  }
}

/** Counters and gauges are never one family. */
function familyKey({ name, type }: SeriesColumn<never>): string {
  return `${type} ${name}`;
}

function joinLabels(labels: string, label: string): string {
  return labels === "" ? label : `${labels},${label}`;
}

function addTo(values: Value[], index: number, value: Value): void {
  const sum = values[index] ?? 0;
  values[index] = typeof sum === "number" && typeof value === "number" ? sum + value : BigInt(sum) + BigInt(value);
}

/** The end of a value comes before every character in it. The names are the same in all rows. */
function sortKeyOf(labels: string): string {
  return labels.replaceAll('",', "\0");
}

/** Series of services or servers: rows of labels and values, of which families are written column by column. */
import { type MetricFamily, type MetricSample, renderLabels } from "./exposition.js";

/** One value of each row, and the name of its metric. */
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

/** Rows that are handled in one step of a sort. */
const stepLength = 2000;

interface SortedRow {
  readonly key: string;
  readonly labels: string;
  readonly values: Value[];
}

function* mergeRows(a: readonly SortedRow[], b: readonly SortedRow[]): Generator<void, SortedRow[]> {
  const merged: SortedRow[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const [left, right] = [a[i], b[j]];
    const next = right === undefined || (left !== undefined && left.key < right.key) ? left : right;
    if (next === left) i++;
    else j++;
    if (next !== undefined) merged.push(next);
    if (merged.length % stepLength === 0) yield;
  }
  return merged;
}

/** Rows of one kind. They hold their labels as text and nothing of what they were made of: there may be very many. */
export class Series<Source> {
  readonly #rows = new Map<string, Value[]>();

  constructor(
    private readonly columns: readonly SeriesColumn<Source>[],
    /** The only labels that rows get; rows that become equal are added up. Undefined: all. */
    private readonly chosen: ReadonlySet<string> | undefined,
    /** Whether rows with equal labels are added up in any case. Otherwise only the first one counts. */
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

  /** Orders the rows by one label after the other, in steps that take no noticeable time each. */
  *sort(): Generator<void> {
    let runs: SortedRow[][] = [[]];
    for (const [labels, values] of this.#rows) {
      const last = runs[runs.length - 1];
      last?.push({ key: sortKeyOf(labels), labels, values });
      if (last?.length !== stepLength) continue;
      last.sort((a, b) => (a.key < b.key ? -1 : 1));
      runs.push([]);
      yield;
    }
    runs[runs.length - 1]?.sort((a, b) => (a.key < b.key ? -1 : 1));
    while (runs.length > 1) {
      const merged: SortedRow[][] = [];
      for (let index = 0; index < runs.length; index += 2) {
        merged.push(yield* mergeRows(runs[index] ?? [], runs[index + 1] ?? []));
      }
      runs = merged;
    }
    this.#rows.clear();
    for (const [index, { labels, values }] of (runs[0] ?? []).entries()) {
      this.#rows.set(labels, values);
      if (index % stepLength === 0) yield;
    }
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

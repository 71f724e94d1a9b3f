import { exporterFamilies, type ReadingFacts } from "../format/prometheus/exporter-families.js";
import { type ExpositionOptions, renderExposition } from "../format/prometheus/exposition.js";
import type { MetricsOptions } from "./metrics-options.js";
import { MetricsError, type MetricsHost, type MetricsReading, readMetrics } from "./read-metrics.js";

/** Milliseconds for which a reading is reused. */
const freshness = 1000;

/** The metrics: always a text, even where there is no table. */
export interface Exposed {
  /** Why the table is not in it. */
  readonly error: MetricsError | undefined;
  render(options: ExpositionOptions): Iterable<string>;
}

/** Takes readings for all who ask, and counts those that fail. */
export class MetricsExporter {
  #latest: Promise<Exposed> | undefined;
  #latestEnd: number | undefined;
  #failures = 0;

  constructor(
    private readonly host: MetricsHost,
    private readonly options: MetricsOptions,
  ) {}

  /** The current metrics. Callers during a reading, or within a second of its end, share it. */
  expose(): Promise<Exposed> {
    const { clock } = this.host;
    const isUnderWay = this.#latest !== undefined && this.#latestEnd === undefined;
    const isFresh = this.#latestEnd !== undefined && clock.monotonic() - this.#latestEnd < freshness;
    if (this.#latest !== undefined && (isUnderWay || isFresh)) return this.#latest;
    this.#latestEnd = undefined;
    this.#latest = this.#read().finally(() => {
      this.#latestEnd = clock.monotonic();
    });
    return this.#latest;
  }

  async #read(): Promise<Exposed> {
    const { clock } = this.host;
    const start = clock.monotonic();
    const facts = (reading: Pick<ReadingFacts, "series" | "failure">): ReadingFacts => ({
      ...reading,
      duration: Math.round((clock.monotonic() - start) * 1000) / 1e6,
      failures: this.#failures,
    });
    try {
      const reading = await readMetrics(this.host, this.options);
      return exposed(facts({ series: reading.series, failure: undefined }), reading);
    } catch (cause) {
      this.#failures++;
      const error = cause instanceof MetricsError ? cause : new MetricsError("unexpected", String(cause), { cause });
      return exposed(facts({ series: 0, failure: error.reason }), undefined, error);
    }
  }
}

function exposed(facts: ReadingFacts, reading?: MetricsReading, error?: MetricsError): Exposed {
  const families = function* () {
    yield* exporterFamilies(facts);
    if (reading !== undefined) yield* reading.families();
  };
  return { error, render: (options) => renderExposition(families(), options) };
}

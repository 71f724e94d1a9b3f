/** What a reading says about itself, so that a director without a table is a metric and not a dead target. */
import { type MetricFamily, renderLabels } from "./exposition.js";

/** Why there is no table, for the label `reason`, and what it means. */
const failureReasons = {
  no_module: "the module ip_vs is not loaded",
  no_privileges: "the process lacks CAP_NET_ADMIN",
  no_proc: "/proc/net cannot be read",
  refused: "the kernel refused the reading",
  too_many_series: "the table has more series than the limit",
  unexpected: "something unexpected went wrong",
} as const;

export type FailureReason = keyof typeof failureReasons;

export interface ReadingFacts {
  /** Seconds. */
  readonly duration: number;
  /** Of services and servers. */
  readonly series: number;
  readonly failure: FailureReason | undefined;
  /** Readings that failed since the process was started. */
  readonly failures: number;
}

export function* exporterFamilies({ duration, series, failure, failures }: ReadingFacts): Generator<MetricFamily> {
  const single = (value: number) => [{ labels: "", value }];
  yield {
    name: "ipvs_up",
    type: "gauge",
    help: "Whether the table could be read: 1, or 0 for the reason that ipvs_scrape_error has.",
    samples: single(failure === undefined ? 1 : 0),
  };
  yield {
    name: "ipvs_scrape_error",
    type: "gauge",
    help: `Why the table could not be read. ${Object.entries(failureReasons)
      .map(([reason, meaning]) => `${reason}: ${meaning}`)
      .join("; ")}.`,
    samples: (Object.keys(failureReasons) as FailureReason[]).map((reason) => ({
      labels: renderLabels([["reason", reason]]),
      value: reason === failure ? 1 : 0,
    })),
  };
  yield {
    name: "ipvs_scrape_errors",
    type: "counter",
    help: "Readings that failed since the exporter was started.",
    samples: single(failures),
  };
  yield {
    name: "ipvs_scrape_duration_seconds",
    type: "gauge",
    help: "How long the last reading took.",
    unit: "seconds",
    samples: single(duration),
  };
  yield {
    name: "ipvs_scrape_series",
    type: "gauge",
    help: "Series of services and servers in the last reading.",
    samples: single(series),
  };
}

import { nodePlatform } from "../host/node-platform.js";
import { systemHost } from "../host/system-host.js";
import { MetricsExporter } from "../metrics/exporter.js";
import { defaultMaxSeries, toLabels } from "../metrics/metrics-options.js";

/** Options of `exportMetrics`. */
export interface ExportMetricsOptions {
  /** The program's own names, those of node_exporter, or both. Default: `ipvs`. */
  readonly names?: "ipvs" | "node-exporter" | "both";
  /** Whether each server has series of its own. Default: true. */
  readonly servers?: boolean;
  /** The only labels of services and servers; series that become equal are added up. Default: all. */
  readonly labels?: readonly string[];
  /** A table with more series of services and servers is not exposed. Default: 50000. */
  readonly maxSeries?: number;
  /** Whether the text is OpenMetrics 1.0.0, and not Prometheus' own format. Default: false. */
  readonly openMetrics?: boolean;
}

/**
 * The metrics of the table in pieces of text, as `ipvsadm metrics` prints them. Where the table cannot be read the text
 * says so: `ipvs_up` is 0, and `ipvs_scrape_error` has the reason. The loop throws a RangeError for an unknown label.
 *
 * @example
 * ```js
 * for await (const text of exportMetrics({ servers: false })) response.write(text);
 * ```
 */
export async function* exportMetrics({
  names = "ipvs",
  servers = true,
  labels,
  maxSeries = defaultMaxSeries,
  openMetrics = false,
}: ExportMetricsOptions = {}): AsyncGenerator<string> {
  const options = { names, servers, labels: labels && toLabels(labels, names), maxSeries };
  const { render } = await new MetricsExporter(systemHost(nodePlatform), options).expose();
  yield* render({ openMetrics });
}

import * as Flags from "@oclif/core/flags";
import type * as Interfaces from "@oclif/core/interfaces";
import { exitStatus } from "../../cli/exit-status.js";
import { UsageError } from "../../cli/usage-error.js";
import { VerbError } from "../../cli/verb-error.js";
import { answerScrape } from "../../metrics/answer-scrape.js";
import { MetricsExporter } from "../../metrics/exporter.js";
import { defaultMaxSeries, type MetricsOptions, nameSets, toLabels } from "../../metrics/metrics-options.js";
import type { MetricsError } from "../../metrics/read-metrics.js";
import { SystemError } from "../../platform/system-calls.js";
import { HostCommand } from "../base.js";
import { parseListenAddress } from "../flags/listen-address.js";
import { parseCount } from "../flags/numbers.js";

/** The collector of the file may be another user than its writer. */
const textfileMode = 0o644;

export class Metrics extends HostCommand {
  static override readonly description =
    "Prints the metrics once, as text for Prometheus, unless --listen or --textfile is given. Reading the table needs " +
    "root or CAP_NET_ADMIN; every user may read the names of node_exporter. Where there is no table, the metrics say " +
    "so: ipvs_up is 0, and ipvs_scrape_error has the reason.";
  static override readonly examples = [
    { description: "What there is", command: "ipvsadm metrics" },
    { description: "Serve http://127.0.0.1:9733/metrics", command: "ipvsadm metrics --listen 127.0.0.1:9733" },
    {
      description: "For node_exporter, which collects files",
      command: "ipvsadm metrics --textfile /var/lib/prometheus/node-exporter/ipvs.prom",
    },
    { description: "One series per service and name", command: "ipvsadm metrics --no-servers" },
  ];
  static override readonly flags = {
    listen: Flags.string({
      summary: "Serve the metrics at /metrics; PORT alone is that of 127.0.0.1.",
      helpValue: "ADDRESS:PORT",
      exclusive: ["textfile"],
    }),
    textfile: Flags.string({ summary: "Write the metrics to this file, whole or not at all.", helpValue: "FILE" }),
    names: Flags.option({ options: nameSets })({
      summary: "The program's own names, those of node_exporter, or both.",
      default: "ipvs",
    }),
    openmetrics: Flags.boolean({
      summary: "Write OpenMetrics; with --listen only where the scraper accepts both.",
    }),
    "no-servers": Flags.boolean({ summary: "No series for single servers." }),
    labels: Flags.string({
      summary: "Only these labels for services and servers; series that become equal are added up.",
      helpValue: "NAME,...",
    }),
    "max-series": Flags.string({
      summary: "Expose no table with more series of services and servers.",
      helpValue: "NUMBER",
      default: `${defaultMaxSeries}`,
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Metrics);
    const exporter = new MetricsExporter(this.host, optionsOf(flags));
    if (flags.listen !== undefined) return this.#serve(flags.listen, exporter, flags.openmetrics);
    const { error, render } = await exporter.expose();
    const text = render({ openMetrics: flags.openmetrics });
    if (flags.textfile !== undefined) await this.host.files.replace(flags.textfile, textfileMode, text);
    else for (const piece of text) this.host.stdout.writeText(piece);
    if (error !== undefined) throw new VerbError(error.message, statusOfReading(error));
  }

  async #serve(listen: string, exporter: MetricsExporter, openMetrics: boolean): Promise<void> {
    const { log, listenHttp } = this.host;
    const endpoint = parseListenAddress(listen);
    const reporting = reportingOnce(exporter, (text) => log(`ipvsadm metrics: ${text}`));
    const server = await listenHttp(endpoint, (request) => answerScrape(request, reporting, openMetrics)).catch(
      (error: unknown) => {
        if (!(error instanceof SystemError)) throw error;
        throw new VerbError(`cannot listen on ${listen}: ${error.message.toLowerCase()}`, exitStatus.unreachable);
      },
    );
    const { address, port } = server.endpoint;
    log(`ipvsadm metrics: serving http://${address.includes(":") ? `[${address}]` : address}:${port}/metrics`);
    this.host.signal?.addEventListener("abort", () => server.close());
    await server.closed;
  }
}

type MetricsFlags = Interfaces.InferredFlags<typeof Metrics.flags>;

/** Throws a UsageError. */
function optionsOf({ names, labels, "no-servers": noServers, "max-series": maxSeries }: MetricsFlags): MetricsOptions {
  return {
    names,
    servers: !noServers,
    labels: labels === undefined ? undefined : parseLabels(labels, names),
    maxSeries: parseCount(maxSeries, "--max-series"),
  };
}

function parseLabels(text: string, names: MetricsOptions["names"]): ReadonlySet<string> {
  try {
    return toLabels(text.split(","), names);
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(`--labels: ${error.message}`) : error;
  }
}

function statusOfReading({ reason }: MetricsError) {
  return reason === "too_many_series" || reason === "refused" ? exitStatus.refused : exitStatus.unreachable;
}

/** The exporter, with a line for each reason why there is no table, and one when there is a table again. */
function reportingOnce(exporter: MetricsExporter, report: (text: string) => void): Pick<MetricsExporter, "expose"> {
  let last: string | undefined;
  return {
    async expose() {
      const exposed = await exporter.expose();
      const text = exposed.error?.message;
      if (text !== last) report(text ?? "the table can be read again");
      last = text;
      return exposed;
    },
  };
}

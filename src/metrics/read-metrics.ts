import type { FailureReason } from "../format/prometheus/exporter-families.js";
import type { MetricFamily } from "../format/prometheus/exposition.js";
import { directorFamilies, TableSeries } from "../format/prometheus/ipvs-families.js";
import { BackendSeries, nodeTotalFamilies } from "../format/prometheus/node-exporter.js";
import type { Host } from "../host/host.js";
import type { IpvsClient } from "../ipvs/client.js";
import { IpvsError } from "../ipvs/ipvs-error.js";
import { readParts } from "../ipvs/read-table.js";
import type { Counters } from "../model/table.js";
import { letOthersRun } from "../platform/clock.js";
import { SystemError } from "../platform/system-calls.js";
import { ProcError } from "../proc/proc-error.js";
import { parseStats } from "../proc/proc-stats.js";
import type { MetricsOptions } from "./metrics-options.js";
import { readBackends } from "./read-backends.js";

export type MetricsHost = Pick<Host, "clock" | "proc" | "openKernel">;

/** A table that is read. It can be written more than once. */
export interface MetricsReading {
  families(): Iterable<MetricFamily>;
  /** The number of series of services and servers. */
  readonly series: number;
}

/** Why there is no reading. */
export class MetricsError extends Error {
  constructor(
    readonly reason: FailureReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "MetricsError";
  }
}

/** Reads what the options ask for. Others get their turn meanwhile. Rejects with a MetricsError. */
export async function readMetrics(host: MetricsHost, options: MetricsOptions): Promise<MetricsReading> {
  try {
    return await readNames(host, options);
  } catch (error) {
    throw toMetricsError(error, host);
  }
}

async function readNames(host: MetricsHost, options: MetricsOptions): Promise<MetricsReading> {
  const { names } = options;
  const parts: MetricsReading[] = [];
  const limit = (size: number) => {
    const series = size + parts.reduce((sum, part) => sum + part.series, 0);
    if (series <= options.maxSeries) return;
    throw new MetricsError(
      "too_many_series",
      `the table has more than ${options.maxSeries} series; leave the servers out (--no-servers) or allow more (--max-series)`,
    );
  };
  if (names !== "node-exporter") parts.push(await readIpvsNames(host, options, limit));
  if (names !== "ipvs") parts.push(await readNodeNames(host, options, limit));
  return {
    *families() {
      for (const part of parts) yield* part.families();
    },
    series: parts.reduce((sum, { series }) => sum + series, 0),
  };
}

/** Throws for more series than are allowed. */
type Limit = (size: number) => void;

async function readIpvsNames(host: MetricsHost, options: MetricsOptions, limit: Limit): Promise<MetricsReading> {
  // First, since asking for the family over netlink can make the kernel load the module.
  const totals = readTotals(host);
  // One connection per reading: a module that was loaded again has another number among the kernel's families.
  const client = await host.openKernel({ loadModule: false, patient: true });
  try {
    const facts = {
      info: await client.info(),
      totals,
      timeouts: await client.timeouts(),
      daemons: await client.daemons(),
    };
    const table = new TableSeries(options.servers, options.labels);
    await addTable(client, table, limit);
    return {
      *families() {
        yield* directorFamilies(facts);
        yield* table.families();
      },
      series: table.size,
    };
  } finally {
    client.close();
  }
}

async function addTable(client: IpvsClient, table: TableSeries, limit: Limit): Promise<void> {
  for await (const entries of readParts(client, await client.services())) {
    for (const entry of entries) table.add(entry);
    limit(table.size);
    await letOthersRun();
  }
}

/** node_exporter knows no more than every user can read. */
async function readNodeNames(host: MetricsHost, options: MetricsOptions, limit: Limit): Promise<MetricsReading> {
  const totals = readTotals(host);
  const backends = new BackendSeries(options.labels);
  if (options.servers) {
    for await (const part of readBackends(host.proc)) {
      for (const backend of part) backends.add(backend);
      limit(backends.size);
    }
    for (const _ of backends.sort()) await letOthersRun();
  }
  return {
    *families() {
      // In alphabetical order.
      if (options.servers) yield* backends.families();
      yield* nodeTotalFamilies(totals);
    },
    series: backends.size,
  };
}

function readTotals({ proc }: MetricsHost): Counters {
  return parseStats(proc.readText("ip_vs_stats")).counters;
}

function toMetricsError(error: unknown, { proc }: MetricsHost): unknown {
  if (error instanceof MetricsError) return error;
  if (error instanceof IpvsError) return new MetricsError(reasonOf(error), explain(error), { cause: error });
  if (!(error instanceof SystemError || error instanceof ProcError)) return error;
  if (error.code !== "ENOENT" || !proc.isThere()) {
    return new MetricsError("no_proc", `/proc/net cannot be read: ${error.message}`, { cause: error });
  }
  return new MetricsError("no_module", moduleMissing, { cause: error });
}

const moduleMissing = "the kernel has no IPVS, or its module is not loaded; run: modprobe ip_vs";

function reasonOf({ operation, code }: IpvsError): FailureReason {
  if (code === "EPERM") return "no_privileges";
  return operation === "initialize" && code === "ENOPROTOOPT" ? "no_module" : "refused";
}

function explain(error: IpvsError): string {
  switch (reasonOf(error)) {
    case "no_privileges":
      return "reading the table needs root or CAP_NET_ADMIN";
    case "no_module":
      return moduleMissing;
    default:
      return `${error.operation}: ${error.message}`;
  }
}

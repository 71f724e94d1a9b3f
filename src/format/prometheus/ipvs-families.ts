/** Every metric under the program's own names. */
import type { Counters, Daemon, DestinationEntry, Info, TableEntry, Timeouts } from "../../model/table.js";
import { decodeByteString } from "../json/byte-text.js";
import { headerKind, timeoutsKind } from "../json/document.js";
import { type MetricFamily, renderLabels } from "./exposition.js";
import { counterColumns, serverColumns, serverLabels, serviceColumns, serviceLabels } from "./ipvs-columns.js";
import { Series } from "./series.js";

/** What the kernel has besides services and servers. */
export interface DirectorFacts {
  readonly info: Info;
  readonly totals: Counters;
  readonly timeouts: Timeouts;
  readonly daemons: readonly Daemon[];
}

/** Services and servers, as rows. */
export class TableSeries {
  readonly #services: Series<TableEntry>;
  readonly #servers: Series<DestinationEntry>;

  constructor(
    private readonly withServers: boolean,
    labels: ReadonlySet<string> | undefined,
  ) {
    this.#services = new Series(serviceColumns, labels);
    this.#servers = new Series(serverColumns, labels);
  }

  /** The number of series. */
  get size(): number {
    return this.#services.size + this.#servers.size;
  }

  add(entry: TableEntry): void {
    const labels = serviceLabels(entry.service);
    this.#services.add(labels, entry);
    if (!this.withServers) return;
    for (const server of entry.destinations) this.#servers.add(serverLabels(labels, server), server);
  }

  *families(): Generator<MetricFamily> {
    yield* this.#services.families();
    if (this.withServers) yield* this.#servers.families();
  }
}

/** What concerns the director as a whole. */
export function* directorFamilies({ info, totals, timeouts, daemons }: DirectorFacts): Generator<MetricFamily> {
  const { version, connectionTableSize } = info;
  const { description } = headerKind.fields.connectionTableSize;
  yield {
    name: "ipvs",
    type: "info",
    help: "Version of the kernel's ip_vs, and the size of its connection table.",
    samples: [
      {
        labels: renderLabels([
          ["version", version],
          ["size", `${connectionTableSize}`],
        ]),
        value: 1,
      },
    ],
  };
  yield {
    ...gaugeFamily("ipvs_connection_table_buckets", description),
    samples: [{ labels: "", value: connectionTableSize }],
  };
  for (const { name, type, help, unit, from } of counterColumns("ipvs", "Of all services together.")) {
    yield { name, type, help, unit, samples: [{ labels: "", value: from({ counters: totals }) }] };
  }
  yield {
    ...gaugeFamily("ipvs_timeout_seconds", "Timeouts of connections."),
    unit: "seconds",
    samples: timeoutsKind.members.map(({ key, name }) => ({
      labels: renderLabels([["kind", name]]),
      value: timeouts[key as keyof Timeouts],
    })),
  };
  yield {
    ...gaugeFamily("ipvs_sync_daemon", "A running sync daemon."),
    samples: daemons.map((daemon) => ({
      labels: renderLabels([
        ["state", daemon.state],
        ["interface", decodeByteString(daemon.interface)],
        ["syncid", `${daemon.syncId}`],
      ]),
      value: 1,
    })),
  };
}

function gaugeFamily(name: string, help: string): Pick<MetricFamily, "name" | "type" | "help"> {
  return { name, type: "gauge", help };
}

/** The metrics of IPVS that node_exporter has, under its names and from the same files of /proc. */
import type { Counters } from "../../model/table.js";
import type { MetricFamily } from "./exposition.js";
import { type Labels, Series, type SeriesColumn } from "./series.js";

/** A real server, as its row of /proc/net/ip_vs and that of its service have it. */
export interface Backend {
  /** `TCP`, `UDP`, `SCTP` or `FWM`. */
  readonly protocol: string;
  /** Absent for a firewall mark. */
  readonly local?: { readonly address: string; readonly port: number };
  /** Absent for an address. */
  readonly fwmark?: number;
  readonly address: string;
  readonly port: number;
  readonly weight: number;
  readonly activeConnections: number;
  readonly inactiveConnections: number;
}

type BackendValue = "activeConnections" | "inactiveConnections" | "weight";

const backendColumns: readonly SeriesColumn<Backend>[] = [
  backendColumn(
    "connections_active",
    "The current active connections by local and remote address.",
    "activeConnections",
  ),
  backendColumn(
    "connections_inactive",
    "The current inactive connections by local and remote address.",
    "inactiveConnections",
  ),
  backendColumn("weight", "The current backend weight by local and remote address.", "weight"),
];

function backendColumn(name: string, help: string, value: BackendValue): SeriesColumn<Backend> {
  return { name: `node_ipvs_backend_${name}`, type: "gauge", help, from: (backend) => backend[value] };
}

/** In the order in which node_exporter writes them. */
const totalHelp = {
  connections: "The total number of connections made.",
  incoming_bytes: "The total amount of incoming data.",
  incoming_packets: "The total number of incoming packets.",
  outgoing_bytes: "The total amount of outgoing data.",
  outgoing_packets: "The total number of outgoing packets.",
} as const;

/** What `addBackend` gives. */
export const backendLabelNames = [
  "local_address",
  "local_mark",
  "local_port",
  "proto",
  "remote_address",
  "remote_port",
] as const;

/** Servers, whose values are added up where their labels are equal. */
export class BackendSeries {
  readonly #series: Series<Backend>;

  constructor(labels: ReadonlySet<string> | undefined) {
    this.#series = new Series(backendColumns, labels, true);
  }

  get size(): number {
    return this.#series.size;
  }

  add(backend: Backend): void {
    this.#series.add(backendLabels(backend), backend);
  }

  /** Orders the servers as node_exporter does, in steps. */
  sort(): Generator<void> {
    return this.#series.sort();
  }

  *families(): Generator<MetricFamily> {
    yield* withFloats(this.#series.families());
  }
}

function backendLabels({ protocol, local, fwmark, address, port }: Backend): Labels {
  return [
    ["local_address", local ? toGoAddress(local.address) : ""],
    ["local_mark", fwmark === undefined ? "" : fwmark.toString(16).toUpperCase().padStart(8, "0")],
    ["local_port", `${local?.port ?? 0}`],
    ["proto", protocol],
    ["remote_address", toGoAddress(address)],
    ["remote_port", `${port}`],
  ];
}

/** Go and libc differ for IPv6 addresses that hold an IPv4 address: Go writes the mapped ones as IPv4. */
function toGoAddress(address: string): string {
  const [, mapped, octets] = /^::(ffff:)?(\d+\.\d+\.\d+\.\d+)$/.exec(address) ?? [];
  if (octets === undefined) return address;
  if (mapped !== undefined) return octets;
  const [a = 0, b = 0, c = 0, d = 0] = octets.split(".").map(Number);
  return `::${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}

export function* nodeTotalFamilies(totals: Counters): Generator<MetricFamily> {
  const values = {
    connections: totals.connections,
    incoming_bytes: totals.bytesIn,
    incoming_packets: totals.packetsIn,
    outgoing_bytes: totals.bytesOut,
    outgoing_packets: totals.packetsOut,
  } satisfies Record<keyof typeof totalHelp, bigint>;
  for (const name of Object.keys(totalHelp) as (keyof typeof totalHelp)[]) {
    const samples = [{ labels: "", value: values[name] }];
    yield* withFloats([{ name: `node_ipvs_${name}`, type: "counter", help: totalHelp[name], samples }]);
  }
}

function* withFloats(families: Iterable<MetricFamily>): Generator<MetricFamily> {
  for (const family of families) yield { ...family, render: renderGoFloat };
}

/** A number as Go writes a float64 in its shortest form, with an exponent from a million on. */
export function renderGoFloat(value: number | bigint): string {
  const float = Number(value);
  if (Math.abs(float) < 1e6) return `${float}`;
  return float.toExponential().replace(/e\+(\d)$/, "e+0$1");
}

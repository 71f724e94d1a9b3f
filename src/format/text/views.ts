import { isWholeAddress } from "../../model/defaults.js";
import type {
  Counters,
  DestinationEntry,
  DestinationSummary,
  ForwardingMethod,
  Service,
  TableEntry,
  Tunnel,
} from "../../model/table.js";
import type { SummaryEntry } from "../../proc/proc-table.js";
import { renderCount } from "./counter-text.js";
import type { ListView } from "./list-format.js";
import { renderSchedulerFlags } from "./scheduler-flag-names.js";

/** What a view shows: its two title lines, and what follows the name of a service and of a server. */
export interface ViewLayout<Entry extends SummaryEntry = TableEntry> {
  readonly titles: readonly [string, string];
  /** Services that are followed by columns have their names padded to the columns' start. */
  readonly serviceHasColumns: boolean;
  service(service: Entry["service"], exact: boolean): string;
  server(server: Entry["destinations"][number], exact: boolean): string;
}

/** The width of a name, after the four columns of the protocol or arrow and a blank. */
export const nameWidth = 28;

/** Before the name of a server. */
export const serverArrow = "  -> ";

/** The width of the name of a service that columns follow. */
export const serviceNameWidth = serverArrow.length + nameWidth;

const serviceTitle = "Prot LocalAddress:Port";
const serverTitle = "  -> RemoteAddress:Port";

const forwardingLabels: Readonly<Record<ForwardingMethod, string>> = {
  masq: "Masq",
  local: "Local",
  tunnel: "Tunnel",
  route: "Route",
};

/** A local server has no option of its own: the kernel makes it local again when it is added with -g. */
export const forwardingOptions: Readonly<Record<ForwardingMethod, string>> = {
  masq: "-m",
  tunnel: "-i",
  route: "-g",
  local: "-g",
};

const checksumMarks = { nocsum: "-c", csum: "+c", remcsum: "r+c" } as const;

function renderTunnelInfo({ type, port, checksum }: Tunnel): string {
  if (type === "ipip") return "ipip";
  return type === "gue" ? `gue:${port}:${checksumMarks[checksum]}` : `gre:${checksumMarks[checksum]}`;
}

/** The scheduler of a service and its flags. */
function renderServiceSettings(service: Service): string {
  const flags = renderSchedulerFlags(service);
  let text = ` ${service.scheduler}`;
  if (flags !== undefined) text += ` (${flags})`;
  if (service.persistent) {
    text += ` persistent ${service.timeout}`;
    if (!isWholeAddress(service.netmask)) text += ` mask ${service.netmask}`;
    if (service.engine !== undefined) text += ` pe ${service.engine}`;
  }
  return service.onePacket ? `${text} ops` : text;
}

/** A left-aligned column of the server lines. */
interface ListColumn<Server extends DestinationSummary = DestinationEntry> {
  readonly title: string;
  readonly width: number;
  /** The field that is shown, where it is one that /proc/net/ip_vs has in the same words. */
  readonly field?: keyof Server;
  value(server: Server): string | number;
}

const forwardColumn: ListColumn<DestinationSummary> = {
  title: "Forward",
  width: 7,
  field: "forward",
  value: ({ forward }) => forwardingLabels[forward],
};
const tunnelColumn: ListColumn = {
  title: "TunnelInfo",
  width: 13,
  value: ({ forward, tunnel }) => (forward === "tunnel" ? renderTunnelInfo(tunnel) : "n/a"),
};
const weightColumn: ListColumn<DestinationSummary> = {
  title: "Weight",
  width: 6,
  field: "weight",
  value: ({ weight }) => weight,
};
const activeColumn: ListColumn<DestinationSummary> = {
  title: "ActiveConn",
  width: 10,
  field: "activeConnections",
  value: ({ activeConnections }) => activeConnections,
};
const inactiveColumn: ListColumn<DestinationSummary> = {
  title: "InActConn",
  width: 10,
  field: "inactiveConnections",
  value: ({ inactiveConnections }) => inactiveConnections,
};
const upperColumn: ListColumn = { title: "Uthreshold", width: 10, value: ({ upperThreshold }) => upperThreshold };
const lowerColumn: ListColumn = { title: "Lthreshold", width: 10, value: ({ lowerThreshold }) => lowerThreshold };
const persistentColumn: ListColumn = {
  title: "PersistConn",
  width: 11,
  value: ({ persistentConnections }) => persistentConnections,
};

function renderRow<Server extends DestinationSummary>(
  columns: readonly ListColumn<Server>[],
  cell: (column: ListColumn<Server>) => string | number,
): string {
  let row = "";
  for (const column of columns) row += ` ${String(cell(column)).padEnd(column.width)}`;
  return row;
}

/** Columns for servers only, their titles above the servers' or above the services' names. */
function settingsView<Entry extends SummaryEntry>(
  titleOf: "server" | "service",
  columns: readonly ListColumn<Entry["destinations"][number]>[],
): ViewLayout<Entry> {
  const titles = renderRow(columns, ({ title }) => title);
  return {
    titles:
      titleOf === "server"
        ? [`${serviceTitle} Scheduler Flags`, `${serverTitle.padEnd(33)}${titles.trimEnd()}`]
        : [`${serviceTitle.padEnd(33)}${titles}`, serverTitle],
    serviceHasColumns: false,
    service: renderServiceSettings,
    server: (server) => renderRow(columns, (column) => column.value(server)),
  };
}

function renderCounters(counters: Counters, exactPackets: boolean, exactBytes: boolean): string {
  return (
    renderCount(counters.connections, exactPackets) +
    renderCount(counters.packetsIn, exactPackets) +
    renderCount(counters.packetsOut, exactPackets) +
    renderCount(counters.bytesIn, exactBytes) +
    renderCount(counters.bytesOut, exactBytes)
  );
}

/** Five counters of services and servers alike. */
function countersView(titles: readonly string[], field: "counters" | "rates"): ViewLayout {
  return {
    titles: [serviceTitle.padEnd(33) + titles.map((title) => title.padStart(9)).join(""), serverTitle],
    serviceHasColumns: true,
    service: (service, exact) => renderCounters(service[field], exact, exact),
    // The original never scales the connection and packet rates of a server.
    server: (server, exact) => renderCounters(server[field], exact || field === "rates", exact),
  };
}

export const plainColumns = [forwardColumn, weightColumn, activeColumn, inactiveColumn] as const;
export const plainView: ViewLayout<SummaryEntry> = settingsView("server", plainColumns);

export const listViews: Readonly<Record<ListView, ViewLayout>> = {
  plain: plainView,
  stats: countersView(["Conns", "InPkts", "OutPkts", "InBytes", "OutBytes"], "counters"),
  rate: countersView(["CPS", "InPPS", "OutPPS", "InBPS", "OutBPS"], "rates"),
  thresholds: settingsView<TableEntry>("service", [upperColumn, lowerColumn, activeColumn, inactiveColumn]),
  "persistent-conn": settingsView<TableEntry>("service", [
    { ...weightColumn, width: 9 },
    persistentColumn,
    activeColumn,
    inactiveColumn,
  ]),
  "tun-info": settingsView<TableEntry>("server", [
    forwardColumn,
    tunnelColumn,
    weightColumn,
    activeColumn,
    inactiveColumn,
  ]),
};

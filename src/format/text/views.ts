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
import { renderExactNumber, renderScaledNumber } from "./counter-text.js";
import type { ListView } from "./list-format.js";
import { renderSchedulerFlags } from "./scheduler-flag-names.js";

/** What a view shows: its two title lines, and what stands behind the name of a service and of a server. */
export interface View<Entry extends SummaryEntry = TableEntry> {
  /** Made when they are asked for: every start evaluates all views, and shows one at most. */
  readonly titles: readonly [string, string];
  /** Services that are followed by columns have their names padded to the columns' start. */
  readonly serviceHasColumns: boolean;
  service(service: Entry["service"], exact: boolean): string;
  server(server: Entry["destinations"][number], exact: boolean): string;
}

/** Where the columns behind a name begin; the four columns of the protocol or arrow and a blank come first. */
export const NAME_WIDTH = 28;

/** Before the name of a server. */
export const ARROW = "  -> ";

const SERVICE_TITLE = "Prot LocalAddress:Port";
const SERVER_TITLE = "  -> RemoteAddress:Port";

export const FORWARDING: Readonly<Record<ForwardingMethod, string>> = {
  masq: "Masq",
  local: "Local",
  tunnel: "Tunnel",
  route: "Route",
};

/** A local server has no option of its own: the kernel makes it local again when it is added with -g. */
export const FORWARDING_OPTION: Readonly<Record<ForwardingMethod, string>> = {
  masq: "-m",
  tunnel: "-i",
  route: "-g",
  local: "-g",
};

const CHECKSUM = { nocsum: "-c", csum: "+c", remcsum: "r+c" } as const;

function renderTunnel({ type, port, checksum }: Tunnel): string {
  if (type === "ipip") return "ipip";
  return type === "gue" ? `gue:${port}:${CHECKSUM[checksum]}` : `gre:${CHECKSUM[checksum]}`;
}

/** The scheduler of a service and its flags. */
function renderSettings(service: Service): string {
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

type NumberFormat = (value: bigint) => string;

/** A left-aligned column of the server lines. */
interface Column<Server extends DestinationSummary = DestinationEntry> {
  readonly title: string;
  readonly width: number;
  value(server: Server): string | number;
}

const FORWARD: Column<DestinationSummary> = { title: "Forward", width: 7, value: ({ forward }) => FORWARDING[forward] };
const TUNNEL: Column = {
  title: "TunnelInfo",
  width: 13,
  value: ({ forward, tunnel }) => (forward === "tunnel" ? renderTunnel(tunnel) : "n/a"),
};
const WEIGHT: Column<DestinationSummary> = { title: "Weight", width: 6, value: ({ weight }) => weight };
const ACTIVE: Column<DestinationSummary> = {
  title: "ActiveConn",
  width: 10,
  value: ({ activeConnections }) => activeConnections,
};
const INACTIVE: Column<DestinationSummary> = {
  title: "InActConn",
  width: 10,
  value: ({ inactiveConnections }) => inactiveConnections,
};
const UPPER: Column = { title: "Uthreshold", width: 10, value: ({ upperThreshold }) => upperThreshold };
const LOWER: Column = { title: "Lthreshold", width: 10, value: ({ lowerThreshold }) => lowerThreshold };
const PERSISTENT: Column = {
  title: "PersistConn",
  width: 11,
  value: ({ persistentConnections }) => persistentConnections,
};

function renderRow<Server extends DestinationSummary>(
  columns: readonly Column<Server>[],
  cell: (column: Column<Server>) => string | number,
): string {
  let row = "";
  for (const column of columns) row += ` ${String(cell(column)).padEnd(column.width)}`;
  return row;
}

/** Columns for servers only, their titles above the servers' or above the services' names. */
function settingsView<Entry extends SummaryEntry>(
  titleOf: "server" | "service",
  columns: readonly Column<Entry["destinations"][number]>[],
): View<Entry> {
  return {
    get titles() {
      const titles = renderRow(columns, ({ title }) => title);
      return titleOf === "server"
        ? ([`${SERVICE_TITLE} Scheduler Flags`, `${SERVER_TITLE.padEnd(33)}${titles.trimEnd()}`] as const)
        : ([`${SERVICE_TITLE.padEnd(33)}${titles}`, SERVER_TITLE] as const);
    },
    serviceHasColumns: false,
    service: renderSettings,
    server: (server) => renderRow(columns, (column) => column.value(server)),
  };
}

const numberFormat = (exact: boolean) => (exact ? renderExactNumber : renderScaledNumber);

function renderCounters(counters: Counters, renderCount: NumberFormat, renderBytes: NumberFormat): string {
  return (
    renderCount(counters.connections) +
    renderCount(counters.packetsIn) +
    renderCount(counters.packetsOut) +
    renderBytes(counters.bytesIn) +
    renderBytes(counters.bytesOut)
  );
}

/** Five counters of services and servers alike. */
function countersView(titles: readonly string[], field: "counters" | "rates"): View {
  return {
    get titles() {
      return [SERVICE_TITLE.padEnd(33) + titles.map((title) => title.padStart(9)).join(""), SERVER_TITLE] as const;
    },
    serviceHasColumns: true,
    service: (service, exact) => renderCounters(service[field], numberFormat(exact), numberFormat(exact)),
    // The original never scales the connection and packet rates of a server.
    server: (server, exact) =>
      renderCounters(server[field], numberFormat(exact || field === "rates"), numberFormat(exact)),
  };
}

export const PLAIN_COLUMNS = [FORWARD, WEIGHT, ACTIVE, INACTIVE] as const;
export const PLAIN_VIEW: View<SummaryEntry> = settingsView("server", PLAIN_COLUMNS);

export const VIEWS: Readonly<Record<ListView, View>> = {
  plain: PLAIN_VIEW,
  stats: countersView(["Conns", "InPkts", "OutPkts", "InBytes", "OutBytes"], "counters"),
  rate: countersView(["CPS", "InPPS", "OutPPS", "InBPS", "OutBPS"], "rates"),
  thresholds: settingsView<TableEntry>("service", [UPPER, LOWER, ACTIVE, INACTIVE]),
  "persistent-conn": settingsView<TableEntry>("service", [{ ...WEIGHT, width: 9 }, PERSISTENT, ACTIVE, INACTIVE]),
  "tun-info": settingsView<TableEntry>("server", [FORWARD, TUNNEL, WEIGHT, ACTIVE, INACTIVE]),
};

/** The metrics of services and servers, as the fields of documents declare them. */
import type { Counters, DestinationEntry, ServiceKey, TableEntry } from "../../model/table.js";
import { isMarkService } from "../../model/table.js";
import type { Member } from "../json/kinds.js";
import { countersKind, destinationKind } from "../json/service-kinds.js";
import type { Labels, SeriesColumn } from "./series.js";

interface WithCounters {
  readonly counters: Counters;
}

/** A column for each counter: `packetsIn` is `PREFIX_incoming_packets`. */
export function counterColumns(prefix: string, whose: string): SeriesColumn<WithCounters>[] {
  return countersKind.members.map((member) => ({
    name: `${prefix}_${counterName(member.key)}`,
    type: "counter",
    help: `${member.description} ${whose}`,
    unit: member.unit,
    from: ({ counters }) => counters[member.key as keyof Counters],
  }));
}

function counterName(key: string): string {
  return key.replace(/^(.*)In$/, "incoming_$1").replace(/^(.*)Out$/, "outgoing_$1");
}

/** What a server can be for new connections; its states add up to all servers. */
const serverStates = {
  weighted: "gets new connections",
  drained: "has weight 0",
  overloaded: "has as many connections as its upper threshold",
} as const;

type ServerState = keyof typeof serverStates;

export const serviceColumns: readonly SeriesColumn<TableEntry>[] = [
  ...counterColumns("ipvs_service", "Of one service.").map((column) => ({
    ...column,
    from: ({ service }: TableEntry) => column.from(service),
  })),
  ...(Object.keys(serverStates) as ServerState[]).map(
    (state): SeriesColumn<TableEntry> => ({
      name: "ipvs_service_servers",
      type: "gauge",
      help: `Servers of one service. ${Object.entries(serverStates)
        .map(([name, meaning]) => `${name}: ${meaning}`)
        .join("; ")}.`,
      label: ["state", state],
      from: ({ destinations }) => destinations.filter((server) => stateOfServer(server) === state).length,
    }),
  ),
];

function stateOfServer(server: DestinationEntry): ServerState {
  const { weight, upperThreshold, activeConnections, inactiveConnections } = server;
  if (weight === 0) return "drained";
  return upperThreshold > 0 && activeConnections + inactiveConnections >= upperThreshold ? "overloaded" : "weighted";
}

const connectionsField = /^(.*)Connections$/;

export const serverColumns: readonly SeriesColumn<DestinationEntry>[] = [
  ...destinationKind.members.filter(({ metric }) => metric === "gauge").map(gaugeColumn),
  ...counterColumns("ipvs_server", "Of one server."),
];

/** `activeConnections` is a state of the current connections. (OpenMetrics leaves `connections` to their counter.) */
function gaugeColumn({ key, name, description, unit }: Member): SeriesColumn<DestinationEntry> {
  const from = (server: DestinationEntry) => server[key as "weight"];
  const [, state] = connectionsField.exec(key) ?? [];
  if (state === undefined) return { name: `ipvs_server_${name}`, type: "gauge", help: description, unit, from };
  const help =
    "Connections of one server. active: established or being opened; inactive: in any other state; " +
    "persistent: templates of persistence.";
  return { name: "ipvs_server_current_connections", type: "gauge", help, label: ["state", state], from };
}

export function serviceLabels(key: ServiceKey): Labels {
  if (isMarkService(key)) {
    return [
      ["family", key.family],
      ["fwmark", `${key.fwmark}`],
    ];
  }
  return [
    ["family", key.family],
    ["protocol", key.protocol],
    ["address", key.address],
    ["port", `${key.port}`],
  ];
}

export function serverLabels(service: Labels, { address, port, forward }: DestinationEntry): Labels {
  return [...service, ["server_address", address], ["server_port", `${port}`], ["forward", forward]];
}

/** What `serviceLabels` and `serverLabels` give. */
export const ipvsLabelNames = [
  "family",
  "protocol",
  "address",
  "port",
  "fwmark",
  "server_address",
  "server_port",
  "forward",
] as const;

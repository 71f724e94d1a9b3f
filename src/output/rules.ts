import {
  type DestinationSummary,
  type ForwardingMethod,
  isMarkService,
  type ServiceEntry,
  type TableEntry,
  type Tunnel,
} from "../ipvs/model.js";
import { type Names, protocolOf, renderEndpoint } from "./names.js";
import { renderSchedulerFlags } from "./scheduler-flags.js";
import { sortTable } from "./sort.js";
import { isWholeAddress } from "./views.js";

const SERVICE_OPTION = { tcp: "-t", udp: "-u", sctp: "--sctp-service" } as const;

/** A local server has no option of its own: the kernel makes it local again when it is added with -g. */
const FORWARDING_OPTION: Readonly<Record<ForwardingMethod, string>> = {
  masq: "-m",
  tunnel: "-i",
  route: "-g",
  local: "-g",
};

/** A real server, with its tunnel if it has one. */
export type RuleServer = DestinationSummary & { readonly tunnel?: Tunnel };

/** The lines of `ipvsadm -S`: commands that restore the table, sorted. Thresholds are not among them. */
export function* renderRules(entries: readonly TableEntry<RuleServer>[], names: Names): Generator<string> {
  for (const { service, destinations } of sortTable(entries)) {
    const key = renderKey(service, names);
    yield `-A ${key}${renderSettings(service)}`;
    for (const server of destinations) yield `-a ${key} ${renderServer(service, server, names)}`;
  }
}

function renderKey(service: ServiceEntry, names: Names): string {
  if (isMarkService(service)) return `-f ${service.fwmark}${service.family === "inet6" ? " -6" : ""}`;
  const { address, port, protocol } = service;
  return `${SERVICE_OPTION[protocol]} ${renderEndpoint(address, port, protocol, names)}`;
}

function renderSettings(service: ServiceEntry): string {
  const flags = renderSchedulerFlags(service);
  let text = ` -s ${service.scheduler}`;
  if (service.persistent) {
    text += ` -p ${service.timeout}`;
    if (!isWholeAddress(service.netmask)) text += ` -M ${service.netmask}`;
  }
  if (service.engine !== undefined) text += ` --pe ${service.engine}`;
  if (service.onePacket) text += " -o";
  return flags === undefined ? text : `${text} -b ${flags}`;
}

function renderServer(service: ServiceEntry, server: RuleServer, names: Names): string {
  const { address, port, forward, weight, tunnel } = server;
  const endpoint = renderEndpoint(address, port, protocolOf(service), names);
  const text = `-r ${endpoint} ${FORWARDING_OPTION[forward]} -w ${weight}`;
  return forward === "tunnel" && tunnel ? text + renderTunnel(tunnel) : text;
}

function renderTunnel({ type, port, checksum }: Tunnel): string {
  const text = ` --tun-type ${type}`;
  if (type === "ipip") return text;
  return `${text}${type === "gue" ? ` --tun-port ${port}` : ""} --tun-${checksum}`;
}

import { isWholeAddress } from "../../model/defaults.js";
import {
  type DestinationSummary,
  isMarkService,
  type Service,
  type ServiceKey,
  type Tunnel,
} from "../../model/table.js";
import type { SummaryEntry } from "../../proc/proc-table.js";
import { sortEntries, sortServers } from "./classic-order.js";
import { NumericServers } from "./fast/numeric-servers.js";
import { renderSchedulerFlags } from "./scheduler-flag-names.js";
import { type Names, numericNames, protocolOf, renderEndpoint } from "./shown-names.js";
import { forwardingOptions } from "./views.js";

const serviceOptions = { tcp: "-t", udp: "-u", sctp: "--sctp-service" } as const;

/** A real server, with its tunnel if it has one. */
type RuleServer = DestinationSummary & { readonly tunnel?: Tunnel };
/** What its options say of it. */
type RuleServerSettings = Omit<RuleServer, "activeConnections" | "inactiveConnections">;

/** A virtual service with what its servers' rules need. */
export interface RuleEntry extends SummaryEntry {
  readonly destinations: readonly RuleServer[];
}

/** The lines of `ipvsadm -S`: commands that restore the table, sorted. Thresholds are not among them. Some texts are several lines. */
export function* renderRules(entries: readonly RuleEntry[], names: Names): Generator<string> {
  const numeric = new NumericServers();
  for (const entry of sortEntries(entries)) {
    const { service, rows } = entry;
    const key = renderServiceName(service, names);
    const rule = `-A ${key}${renderServiceOptions(service)}`;
    const rules = names === numericNames && rows && numeric.renderRules(rows, key);
    if (rules) {
      yield [rule, ...rules].join("\n");
    } else {
      yield rule;
      for (const server of sortServers(entry.destinations))
        yield `-a ${key} ${renderServerOptions(service, server, names)}`;
    }
  }
}

export function renderServiceName(service: ServiceKey, names: Names): string {
  if (isMarkService(service)) return `-f ${service.fwmark}${service.family === "inet6" ? " -6" : ""}`;
  const { address, port, protocol } = service;
  return `${serviceOptions[protocol]} ${renderEndpoint(address, port, protocol, names)}`;
}

export function renderServiceOptions(service: Service): string {
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

export function renderServerOptions(service: ServiceKey, server: RuleServerSettings, names: Names): string {
  const { address, port, forward, weight, tunnel } = server;
  const endpoint = renderEndpoint(address, port, protocolOf(service), names);
  const text = `-r ${endpoint} ${forwardingOptions[forward]} -w ${weight}`;
  return forward === "tunnel" && tunnel ? text + renderTunnelOptions(tunnel) : text;
}

function renderTunnelOptions({ type, port, checksum }: Tunnel): string {
  const text = ` --tun-type ${type}`;
  if (type === "ipip") return text;
  return `${text}${type === "gue" ? ` --tun-port ${port}` : ""} --tun-${checksum}`;
}

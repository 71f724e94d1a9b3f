import { UsageError } from "../../cli/usage-error.js";
import type { ListFormat, ListView } from "../../format/text/list-format.js";
import { defaultServiceSettings, defaultTunnel } from "../../model/defaults.js";
import {
  type Daemon,
  type Destination,
  isMarkService,
  type Service,
  type ServiceKey,
  type TunnelChecksum,
} from "../../model/table.js";
import type { Invocation, ListSubject } from "./invocation.js";
import { checkTunnel, firstGiven, hasTunnelOption } from "./legality.js";
import type { OptionValues } from "./option-values.js";
import type { OptionGroup } from "./options.js";

/** The service that the options name. */
export function requestedServiceKey(values: OptionValues): ServiceKey {
  const { family, fwmark, address, port } = values;
  if (fwmark !== 0 || values.protocol === undefined) return { family, fwmark };
  return { family, protocol: values.protocol, address, port };
}

/** The service that the options describe, with defaults. Checks what concerns more than one option. */
export function requestedService(values: OptionValues): Service {
  const persistent = values.given.has("persistent");
  const onePacket = values.given.has("ops");
  if (values.fwmark === 0 && values.port === 0 && !persistent) {
    throw new UsageError("Zero port specified for non-persistent service");
  }
  if (onePacket && values.fwmark === 0 && values.protocol !== "udp") {
    throw new UsageError("One-Packet Scheduling is only for UDP virtual services");
  }
  return {
    ...requestedServiceKey(values),
    scheduler: values.scheduler || defaultServiceSettings.scheduler,
    schedulerFlags: values.schedulerFlags,
    onePacket,
    persistent,
    timeout: values.timeout,
    netmask: values.netmask,
    ...(values.engine !== "" && { engine: values.engine }),
  };
}

/** The real server that the options describe, with defaults. Checks what concerns more than one option. */
export function requestedDestination(values: OptionValues): Destination {
  const { forward, server } = values;
  if (server.family !== values.family && forward !== "tunnel") {
    throw new UsageError("Different address family is allowed only for tunneling servers");
  }
  if (forward === "tunnel") checkTunnel(values.tunnelType, values.given);
  else if (hasTunnelOption(values.given)) throw new UsageError("Tunnel options conflict with forward method");
  // Only masquerading can change the port.
  const keepsPort = values.fwmark === 0 && forward !== "masq";
  return {
    family: server.family,
    address: server.address,
    port: keepsPort ? values.port : server.port,
    forward,
    weight: values.weight,
    upperThreshold: values.upperThreshold,
    lowerThreshold: values.lowerThreshold,
    tunnel: { type: values.tunnelType, port: values.tunnelPort, checksum: toChecksum(values.given) },
  };
}

const checksums: readonly TunnelChecksum[] = ["csum", "remcsum"];

function toChecksum(given: ReadonlySet<OptionGroup>): TunnelChecksum {
  return checksums.find((checksum) => given.has(`tun-${checksum}`)) ?? defaultTunnel.checksum;
}

/** The sync daemon that the options describe. The kernel chooses what is left out, except for the interface. */
export function requestedDaemon(values: OptionValues): Daemon {
  const { syncMaxLength, multicastGroup, multicastPort, multicastTtl } = values;
  return {
    state: values.daemonState,
    interface: values.interface || "eth0",
    syncId: values.syncId,
    ...(syncMaxLength !== undefined && { syncMaxLength }),
    ...(multicastGroup !== undefined && { multicastGroup }),
    ...(multicastPort !== undefined && { multicastPort }),
    ...(multicastTtl !== undefined && { multicastTtl }),
  };
}

const views: readonly Exclude<ListView, "plain">[] = ["stats", "rate", "thresholds", "persistent-conn", "tun-info"];

export function requestedList(values: OptionValues): Invocation {
  const given = values.given;
  const has = (...wanted: OptionGroup[]) => firstGiven(wanted, given) !== undefined;
  if (
    (has("connection", "timeout", "daemon") && has("stats", "rate", "thresholds")) ||
    (has("timeout", "daemon") && has("persistent-conn"))
  ) {
    throw new UsageError("options conflicts in the list command");
  }
  const format: ListFormat = {
    view: firstGiven(views, given) ?? "plain",
    exact: given.has("exact"),
    numeric: given.has("numeric"),
    sorted: !given.has("nosort"),
    persistentConnections: given.has("persistent-conn"),
  };
  const list = { command: "list", subject: requestedSubject(values), format, json: given.has("json") } as const;
  if (!has("unprivileged", "proc")) return list;
  return { ...list, unprivileged: true, ...(values.proc !== undefined && { proc: values.proc }) };
}

function requestedSubject(values: OptionValues): ListSubject {
  if (values.given.has("connection")) return { kind: "connections" };
  if (values.given.has("service-address")) return { kind: "service", key: requestedServiceKey(values) };
  if (values.given.has("timeout")) return { kind: "timeouts" };
  if (values.given.has("daemon")) return { kind: "daemons" };
  return { kind: "table" };
}

/** Like the original, treats 0.0.0.0:0 as no service, even where it is typed, and zeroes all counters. */
export function requestedZero(values: OptionValues): Invocation {
  if (!values.given.has("service-address")) return { command: "zero", service: "all" };
  const service = requestedServiceKey(values);
  const none = !isMarkService(service) && service.port === 0 && ["0.0.0.0", "::"].includes(service.address);
  return { command: "zero", service: none ? "all" : service };
}

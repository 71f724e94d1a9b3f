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
import type { Draft } from "./draft.js";
import type { Invocation, ListSubject } from "./invocation.js";
import { checkTunnel, firstGiven, hasTunnelOption } from "./legality.js";
import type { Slot } from "./options.js";

/** Which service the draft means. */
export function toServiceKey(draft: Draft): ServiceKey {
  const { family, fwmark, address, port } = draft;
  if (fwmark !== 0 || draft.protocol === undefined) return { family, fwmark };
  return { family, protocol: draft.protocol, address, port };
}

/** A service with its defaults, after the checks between options. */
export function toService(draft: Draft): Service {
  const persistent = draft.slots.has("persistent");
  const onePacket = draft.slots.has("ops");
  if (draft.fwmark === 0 && draft.port === 0 && !persistent) {
    throw new UsageError("Zero port specified for non-persistent service");
  }
  if (onePacket && draft.fwmark === 0 && draft.protocol !== "udp") {
    throw new UsageError("One-Packet Scheduling is only for UDP virtual services");
  }
  return {
    ...toServiceKey(draft),
    scheduler: draft.scheduler || defaultServiceSettings.scheduler,
    schedulerFlags: draft.schedulerFlags,
    onePacket,
    persistent,
    timeout: draft.timeout,
    netmask: draft.netmask,
    ...(draft.engine !== "" && { engine: draft.engine }),
  };
}

/** A real server with its defaults, after the checks between options. */
export function toDestination(draft: Draft): Destination {
  const { forward, server } = draft;
  if (server.family !== draft.family && forward !== "tunnel") {
    throw new UsageError("Different address family is allowed only for tunneling servers");
  }
  if (forward === "tunnel") checkTunnel(draft.tunnelType, draft.slots);
  else if (hasTunnelOption(draft.slots)) throw new UsageError("Tunnel options conflict with forward method");
  // Only masquerading can change the port.
  const keepsPort = draft.fwmark === 0 && forward !== "masq";
  return {
    family: server.family,
    address: server.address,
    port: keepsPort ? draft.port : server.port,
    forward,
    weight: draft.weight,
    upperThreshold: draft.upperThreshold,
    lowerThreshold: draft.lowerThreshold,
    tunnel: { type: draft.tunnelType, port: draft.tunnelPort, checksum: toChecksum(draft.slots) },
  };
}

const checksums: readonly TunnelChecksum[] = ["csum", "remcsum"];

function toChecksum(given: ReadonlySet<Slot>): TunnelChecksum {
  return checksums.find((checksum) => given.has(`tun-${checksum}`)) ?? defaultTunnel.checksum;
}

/** A sync daemon; what is left out is the kernel's choice, except for the interface. */
export function toDaemon(draft: Draft): Daemon {
  const { syncMaxLength, multicastGroup, multicastPort, multicastTtl } = draft;
  return {
    state: draft.daemonState,
    interface: draft.interface || "eth0",
    syncId: draft.syncId,
    ...(syncMaxLength !== undefined && { syncMaxLength }),
    ...(multicastGroup !== undefined && { multicastGroup }),
    ...(multicastPort !== undefined && { multicastPort }),
    ...(multicastTtl !== undefined && { multicastTtl }),
  };
}

const views: readonly Exclude<ListView, "plain">[] = ["stats", "rate", "thresholds", "persistent-conn", "tun-info"];

export function toList(draft: Draft): Invocation {
  const given = draft.slots;
  const has = (...wanted: Slot[]) => firstGiven(wanted, given) !== undefined;
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
  return { command: "list", subject: toSubject(draft), format, json: given.has("json") };
}

function toSubject(draft: Draft): ListSubject {
  if (draft.slots.has("connection")) return { kind: "connections" };
  if (draft.slots.has("service-address")) return { kind: "service", key: toServiceKey(draft) };
  if (draft.slots.has("timeout")) return { kind: "timeouts" };
  if (draft.slots.has("daemon")) return { kind: "daemons" };
  return { kind: "table" };
}

/** A service of no address and no port is no service to the original, even where it is spelled out: it zeroes all. */
export function toZero(draft: Draft): Invocation {
  if (!draft.slots.has("service-address")) return { command: "zero" };
  const service = toServiceKey(draft);
  const none = !isMarkService(service) && service.port === 0 && ["0.0.0.0", "::"].includes(service.address);
  return none ? { command: "zero" } : { command: "zero", service };
}

/** From the model to the document's objects. */

import { largestInteger } from "../../model/limits.js";
import { prefixLengthOf } from "../../model/netmask.js";
import { flagName } from "../../model/scheduler-flags.js";
import {
  type Connection,
  type ConnectionEndpoint,
  type Counters,
  type Daemon,
  type DestinationEntry,
  isMarkService,
  type Rates,
  type SchedulerFlag,
  type ServiceEntry,
  type TableEntry,
  type Timeouts,
  type Tunnel,
} from "../../model/table.js";
import type { JsonConnection, JsonDaemon, JsonDestination, JsonDocument, JsonService } from "./document.js";

export function toJsonService({ service, destinations }: TableEntry): JsonService {
  const settings = {
    scheduler: service.scheduler,
    sched_flags: toJsonFlags(service.scheduler, service.schedulerFlags),
    ops: service.onePacket,
    ...(service.persistent ? { persistent: toPersistent(service) } : { pe: service.engine }),
    stats: toJsonStats(service.counters),
    rates: toJsonRates(service.rates),
    destinations: destinations.map(toJsonDestination),
  };
  const { family } = service;
  if (isMarkService(service)) return { family, fwmark: service.fwmark, ...settings };
  const { protocol, address, port } = service;
  return { family, protocol, address, port, ...settings };
}

/** The flags of a scheduler under the names that it has for them. */
export function toJsonFlags(scheduler: string, flags: readonly SchedulerFlag[]): JsonService["sched_flags"] {
  return flags.map((flag) => flagName(scheduler, flag));
}

/** The granularity of persistence: a mask, a prefix length, or both where they say the same. */
export function toJsonNetmask(
  netmask: string | number,
): Pick<NonNullable<JsonService["persistent"]>, "netmask" | "prefixlen"> {
  return typeof netmask === "string" ? { netmask, prefixlen: prefixLengthOf(netmask) } : { prefixlen: netmask };
}

function toPersistent({ timeout, netmask, engine }: ServiceEntry): JsonService["persistent"] {
  return {
    timeout,
    ...toJsonNetmask(netmask),
    pe: engine,
  };
}

function toJsonDestination(destination: DestinationEntry): JsonDestination {
  const { family, address, port, forward, weight, tunnel } = destination;
  return {
    family,
    address,
    port,
    forward,
    weight,
    upper_threshold: destination.upperThreshold,
    lower_threshold: destination.lowerThreshold,
    active_connections: destination.activeConnections,
    inactive_connections: destination.inactiveConnections,
    persistent_connections: destination.persistentConnections,
    tunnel: forward === "tunnel" ? toJsonTunnel(tunnel) : undefined,
    stats: toJsonStats(destination.counters),
    rates: toJsonRates(destination.rates),
  };
}

export function toJsonTunnel({ type, port, checksum }: Tunnel): JsonDestination["tunnel"] {
  if (type === "ipip") return { type };
  const flags = checksum === "nocsum" ? [] : [checksum];
  return type === "gue" ? { type, port, flags } : { type, flags };
}

export function toJsonStats({ connections, packetsIn, packetsOut, bytesIn, bytesOut }: Counters): JsonService["stats"] {
  return { connections, packets_in: packetsIn, packets_out: packetsOut, bytes_in: bytesIn, bytes_out: bytesOut };
}

export function toJsonRates({ connections, packetsIn, packetsOut, bytesIn, bytesOut }: Rates): JsonService["rates"] {
  return { cps: connections, pps_in: packetsIn, pps_out: packetsOut, bps_in: bytesIn, bps_out: bytesOut };
}

export function toJsonTimeouts({ tcp, tcpFin, udp }: Timeouts): NonNullable<JsonDocument["timeouts"]> {
  return { tcp, tcp_fin: tcpFin, udp };
}

export function toJsonDaemon(daemon: Daemon): JsonDaemon {
  return {
    state: daemon.state,
    interface: daemon.interface,
    syncid: daemon.syncId,
    sync_maxlen: daemon.syncMaxLength || undefined,
    mcast_group: daemon.multicastGroup || undefined,
    mcast_port: daemon.multicastPort || undefined,
    mcast_ttl: daemon.multicastTtl || undefined,
  };
}

export function toJsonConnection(connection: Connection): JsonConnection {
  const { source, virtual, destination, engine } = connection;
  return {
    family: virtual.address.includes(":") ? "inet6" : "inet",
    protocol: connection.protocol.toLowerCase(),
    state: connection.state.toLowerCase(),
    // A timer that has just run out shows as a negative number, cut to 32 bits.
    expires: connection.expires > largestInteger ? 0 : connection.expires,
    client: toEndpoint(source),
    virtual: toEndpoint(virtual),
    destination: toEndpoint(destination),
    pe: engine?.name,
    pe_data: engine?.data,
  };
}

function toEndpoint({ address, port }: ConnectionEndpoint): JsonConnection["client"] {
  return { address, port };
}

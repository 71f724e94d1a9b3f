import { formatAddress, parseAddress } from "../model/address.js";
import type { Daemon, DaemonState, Timeouts } from "../model/table.js";
import type { CommandAttributes, DaemonAttributes } from "./attributes.js";
import * as kernel from "./constants.js";
import { Codes, required } from "./convert.js";

const states = new Codes<DaemonState>("daemon state", {
  master: kernel.IP_VS_STATE_MASTER,
  backup: kernel.IP_VS_STATE_BACKUP,
});

function toMulticastGroup(group: string): DaemonAttributes {
  return group.includes(":")
    ? { multicastGroup6: parseAddress("inet6", group) }
    : { multicastGroup: parseAddress("inet", group) };
}

/** What is left to the kernel is not sent. */
export function toDaemon(daemon: Daemon): DaemonAttributes {
  return {
    state: states.toNumber(daemon.state),
    interface: daemon.interface,
    syncId: daemon.syncId,
    syncMaxLength: daemon.syncMaxLength || undefined,
    multicastPort: daemon.multicastPort || undefined,
    multicastTtl: daemon.multicastTtl || undefined,
    ...(daemon.multicastGroup ? toMulticastGroup(daemon.multicastGroup) : {}),
  };
}

/** A daemon as ipvsadm names it to stop it. */
export function toDaemonReference(state: DaemonState, syncId: number): DaemonAttributes {
  return toDaemon({ state, interface: "", syncId });
}

function fromMulticastGroup({ multicastGroup, multicastGroup6 }: DaemonAttributes): string | undefined {
  if (multicastGroup !== undefined) return formatAddress("inet", multicastGroup);
  if (multicastGroup6 !== undefined) return formatAddress("inet6", multicastGroup6);
  return undefined;
}

/** Kernels before 4.3 do not tell the length and the multicast settings. */
export function fromDaemon(attributes: DaemonAttributes | undefined): Daemon {
  const daemon = required(attributes, "daemon");
  const group = fromMulticastGroup(daemon);
  return {
    state: states.fromNumber(required(daemon.state, "daemon state")),
    interface: required(daemon.interface, "multicast interface"),
    syncId: required(daemon.syncId, "syncid"),
    ...(daemon.syncMaxLength === undefined ? {} : { syncMaxLength: daemon.syncMaxLength }),
    ...(group === undefined ? {} : { multicastGroup: group }),
    ...(daemon.multicastPort === undefined ? {} : { multicastPort: daemon.multicastPort }),
    ...(daemon.multicastTtl === undefined ? {} : { multicastTtl: daemon.multicastTtl }),
  };
}

export function fromTimeouts({ tcp, tcpFin, udp }: CommandAttributes): Timeouts {
  return {
    tcp: required(tcp, "tcp timeout"),
    tcpFin: required(tcpFin, "tcpfin timeout"),
    udp: required(udp, "udp timeout"),
  };
}

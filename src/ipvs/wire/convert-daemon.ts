import { formatAddress, parseAddress } from "../../model/address.js";
import type { Daemon, DaemonState } from "../../model/table.js";
import { expectAttribute } from "../../netlink/codec/attribute-set.js";
import type { DaemonAttributes, SentDaemon } from "./attributes.js";

function toMulticastGroup(group: string): SentDaemon {
  return group.includes(":")
    ? { multicastGroup6: parseAddress("inet6", group) }
    : { multicastGroup: parseAddress("inet", group) };
}

/** What is left to the kernel is not sent. */
export function toDaemon(daemon: Daemon): SentDaemon {
  return {
    state: daemon.state,
    interface: daemon.interface,
    syncId: daemon.syncId,
    syncMaxLength: daemon.syncMaxLength || undefined,
    multicastPort: daemon.multicastPort || undefined,
    multicastTtl: daemon.multicastTtl || undefined,
    ...(daemon.multicastGroup ? toMulticastGroup(daemon.multicastGroup) : {}),
  };
}

/** A daemon as ipvsadm names it to stop it. */
export function toDaemonReference(state: DaemonState, syncId: number): SentDaemon {
  return toDaemon({ state, interface: "", syncId });
}

function fromMulticastGroup({ multicastGroup, multicastGroup6 }: DaemonAttributes): string | undefined {
  if (multicastGroup !== undefined) return formatAddress("inet", multicastGroup);
  if (multicastGroup6 !== undefined) return formatAddress("inet6", multicastGroup6);
  return undefined;
}

/** Kernels before 4.3 do not report the length and the multicast settings. */
export function fromDaemon(attributes: DaemonAttributes | undefined): Daemon {
  const daemon = expectAttribute(attributes, "daemon");
  const group = fromMulticastGroup(daemon);
  return {
    state: expectAttribute(daemon.state, "daemon state"),
    interface: expectAttribute(daemon.interface, "multicast interface"),
    syncId: expectAttribute(daemon.syncId, "syncid"),
    ...(daemon.syncMaxLength === undefined ? {} : { syncMaxLength: daemon.syncMaxLength }),
    ...(group === undefined ? {} : { multicastGroup: group }),
    ...(daemon.multicastPort === undefined ? {} : { multicastPort: daemon.multicastPort }),
    ...(daemon.multicastTtl === undefined ? {} : { multicastTtl: daemon.multicastTtl }),
  };
}

/**
 * The attribute sets of ip_vs, each in the order in which ipvsadm sends it.
 * Ports and IPv4 masks are big-endian, all else is in the host's byte order.
 */

import { parseAddress, parseIpv4Number } from "../../model/address.js";
import type { DaemonState, Family, ForwardingMethod, Protocol, TunnelChecksum, TunnelType } from "../../model/table.js";
import { AttributeSet, deferred, type Sent, type Values } from "../../netlink/codec/attribute-set.js";
import { bytes, type Coder, i32, string, u8, u16, u16be, u32, u64 } from "../../netlink/codec/coders.js";
import { Enum } from "../../netlink/codec/enum.js";
import { AF_INET, AF_INET6 } from "../../platform/address-family.js";
import * as kernel from "./constants.js";

const familyCoder = new Enum<Family>("address family", u16, { inet: AF_INET, inet6: AF_INET6 });

export const protocol = new Enum<Protocol>("protocol", u16, {
  tcp: kernel.IPPROTO_TCP,
  udp: kernel.IPPROTO_UDP,
  sctp: kernel.IPPROTO_SCTP,
});

const forwardingMethod = new Enum<ForwardingMethod>("forwarding method", u32, {
  masq: kernel.IP_VS_CONN_F_MASQ,
  local: kernel.IP_VS_CONN_F_LOCALNODE,
  tunnel: kernel.IP_VS_CONN_F_TUNNEL,
  route: kernel.IP_VS_CONN_F_DROUTE,
});

const tunnelType = new Enum<TunnelType>("tunnel type", u8, {
  ipip: kernel.IP_VS_CONN_F_TUNNEL_TYPE_IPIP,
  gue: kernel.IP_VS_CONN_F_TUNNEL_TYPE_GUE,
  gre: kernel.IP_VS_CONN_F_TUNNEL_TYPE_GRE,
});

const tunnelChecksum = new Enum<TunnelChecksum>("tunnel flags", u16, {
  nocsum: kernel.IP_VS_TUNNEL_ENCAP_FLAG_NOCSUM,
  csum: kernel.IP_VS_TUNNEL_ENCAP_FLAG_CSUM,
  remcsum: kernel.IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM,
});

const daemonState = new Enum<DaemonState>("daemon state", u32, {
  master: kernel.IP_VS_STATE_MASTER,
  backup: kernel.IP_VS_STATE_BACKUP,
});

const inetAddress = bytes(16, 4);

/**
 * union nf_inet_addr: sixteen bytes, IPv4 in the first four. Sent from text; received as bytes, since another attribute
 * has their family.
 */
const addressCoder: Coder<string, Uint8Array> = {
  write(view, offset, text) {
    const ipv4 = parseIpv4Number(text);
    if (ipv4 === undefined) return inetAddress.write(view, offset, parseAddress("inet6", text));
    view.setUint32(offset, ipv4);
    // Without a loop: the engine would compile it early, and again later.
    view.setUint32(offset + 4, 0);
    view.setUint32(offset + 8, 0);
    view.setUint32(offset + 12, 0);
    return offset + 16;
  },
  read: inetAddress.read,
};

/** struct ip_vs_flags: flags, and a mask that says which of them count. All do when they are sent, set or not. */
const flags: Coder<number> = {
  write(view, offset, value) {
    return u32.write(view, u32.write(view, offset, value), 0xffffffff);
  },
  read: (view, offset, length) => u32.read(view, offset, length / 2),
};

const mask = bytes(4);

/** A mask in network order for IPv4, sent from text; a prefix length in host order for IPv6, sent from a number. */
const netmask: Coder<string | number, Uint8Array> = {
  write(view, offset, value) {
    return typeof value === "number"
      ? u32.write(view, offset, value)
      : mask.write(view, offset, parseAddress("inet", value));
  },
  read: mask.read,
};

const stats = new AttributeSet({
  connections: [kernel.IPVS_STATS_ATTR_CONNS, u32],
  packetsIn: [kernel.IPVS_STATS_ATTR_INPKTS, u32],
  packetsOut: [kernel.IPVS_STATS_ATTR_OUTPKTS, u32],
  bytesIn: [kernel.IPVS_STATS_ATTR_INBYTES, u64],
  bytesOut: [kernel.IPVS_STATS_ATTR_OUTBYTES, u64],
  connectionRate: [kernel.IPVS_STATS_ATTR_CPS, u32],
  packetRateIn: [kernel.IPVS_STATS_ATTR_INPPS, u32],
  packetRateOut: [kernel.IPVS_STATS_ATTR_OUTPPS, u32],
  byteRateIn: [kernel.IPVS_STATS_ATTR_INBPS, u32],
  byteRateOut: [kernel.IPVS_STATS_ATTR_OUTBPS, u32],
});

const stats64 = new AttributeSet({
  connections: [kernel.IPVS_STATS_ATTR_CONNS, u64],
  packetsIn: [kernel.IPVS_STATS_ATTR_INPKTS, u64],
  packetsOut: [kernel.IPVS_STATS_ATTR_OUTPKTS, u64],
  bytesIn: [kernel.IPVS_STATS_ATTR_INBYTES, u64],
  bytesOut: [kernel.IPVS_STATS_ATTR_OUTBYTES, u64],
  connectionRate: [kernel.IPVS_STATS_ATTR_CPS, u64],
  packetRateIn: [kernel.IPVS_STATS_ATTR_INPPS, u64],
  packetRateOut: [kernel.IPVS_STATS_ATTR_OUTPPS, u64],
  byteRateIn: [kernel.IPVS_STATS_ATTR_INBPS, u64],
  byteRateOut: [kernel.IPVS_STATS_ATTR_OUTBPS, u64],
});

const serviceKeyAttributes = {
  family: [kernel.IPVS_SVC_ATTR_AF, familyCoder],
  protocol: [kernel.IPVS_SVC_ATTR_PROTOCOL, protocol],
  address: [kernel.IPVS_SVC_ATTR_ADDR, addressCoder],
  port: [kernel.IPVS_SVC_ATTR_PORT, u16be],
  fwmark: [kernel.IPVS_SVC_ATTR_FWMARK, u32],
} as const;

const serviceSettingsAttributes = {
  scheduler: [kernel.IPVS_SVC_ATTR_SCHED_NAME, string],
  engine: [kernel.IPVS_SVC_ATTR_PE_NAME, string],
  flags: [kernel.IPVS_SVC_ATTR_FLAGS, flags],
  timeout: [kernel.IPVS_SVC_ATTR_TIMEOUT, u32],
  netmask: [kernel.IPVS_SVC_ATTR_NETMASK, netmask],
} as const;

const serviceAttributes = { ...serviceKeyAttributes, ...serviceSettingsAttributes };

/** Sent as two groups: the key is the model's, and services have settings in common. */
const sentService = {
  key: new AttributeSet(serviceKeyAttributes),
  settings: new AttributeSet(serviceSettingsAttributes),
};

const destinationAttributes = {
  family: [kernel.IPVS_DEST_ATTR_ADDR_FAMILY, familyCoder],
  address: [kernel.IPVS_DEST_ATTR_ADDR, addressCoder],
  port: [kernel.IPVS_DEST_ATTR_PORT, u16be],
  forward: [kernel.IPVS_DEST_ATTR_FWD_METHOD, forwardingMethod],
  weight: [kernel.IPVS_DEST_ATTR_WEIGHT, i32],
  tunnel: new AttributeSet({
    type: [kernel.IPVS_DEST_ATTR_TUN_TYPE, tunnelType],
    port: [kernel.IPVS_DEST_ATTR_TUN_PORT, u16be],
    checksum: [kernel.IPVS_DEST_ATTR_TUN_FLAGS, tunnelChecksum],
  }),
  upperThreshold: [kernel.IPVS_DEST_ATTR_U_THRESH, u32],
  lowerThreshold: [kernel.IPVS_DEST_ATTR_L_THRESH, u32],
} as const;

const connectionAttributes = {
  activeConnections: [kernel.IPVS_DEST_ATTR_ACTIVE_CONNS, u32],
  inactiveConnections: [kernel.IPVS_DEST_ATTR_INACT_CONNS, u32],
} as const;

const destinationLoad = { ...destinationAttributes, ...connectionAttributes };

const daemonAttributes = new AttributeSet({
  state: [kernel.IPVS_DAEMON_ATTR_STATE, daemonState],
  interface: [kernel.IPVS_DAEMON_ATTR_MCAST_IFN, string],
  syncId: [kernel.IPVS_DAEMON_ATTR_SYNC_ID, u32],
  syncMaxLength: [kernel.IPVS_DAEMON_ATTR_SYNC_MAXLEN, u16],
  multicastPort: [kernel.IPVS_DAEMON_ATTR_MCAST_PORT, u16],
  multicastTtl: [kernel.IPVS_DAEMON_ATTR_MCAST_TTL, u8],
  multicastGroup: [kernel.IPVS_DAEMON_ATTR_MCAST_GROUP, bytes(4)],
  multicastGroup6: [kernel.IPVS_DAEMON_ATTR_MCAST_GROUP6, bytes(16)],
});

const timeoutAttributes = {
  tcp: [kernel.IPVS_CMD_ATTR_TIMEOUT_TCP, u32],
  tcpFin: [kernel.IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, u32],
  udp: [kernel.IPVS_CMD_ATTR_TIMEOUT_UDP, u32],
} as const;

const sentServiceSet = new AttributeSet(sentService);

/** The attributes of commands. */
export const serviceCommand = new AttributeSet({ service: [kernel.IPVS_CMD_ATTR_SERVICE, sentServiceSet] });
export const destinationCommand = new AttributeSet({
  service: [kernel.IPVS_CMD_ATTR_SERVICE, sentServiceSet],
  destination: [kernel.IPVS_CMD_ATTR_DEST, new AttributeSet(destinationAttributes)],
});
export const daemonCommand = new AttributeSet({ daemon: [kernel.IPVS_CMD_ATTR_DAEMON, daemonAttributes] });
export const timeoutsCommand = new AttributeSet(timeoutAttributes);

/** The part of a reply that has settings of services and destinations, and the connections of destinations. */
export const settingsReply = new AttributeSet({
  service: [kernel.IPVS_CMD_ATTR_SERVICE, new AttributeSet(serviceAttributes)],
  destination: [kernel.IPVS_CMD_ATTR_DEST, new AttributeSet(destinationLoad)],
});

/** The attributes of replies. */
export const reply = new AttributeSet({
  service: [
    kernel.IPVS_CMD_ATTR_SERVICE,
    new AttributeSet({
      ...serviceAttributes,
      stats: [kernel.IPVS_SVC_ATTR_STATS, deferred(stats)],
      stats64: [kernel.IPVS_SVC_ATTR_STATS64, stats64],
    }),
  ],
  destination: [
    kernel.IPVS_CMD_ATTR_DEST,
    new AttributeSet({
      ...destinationLoad,
      persistentConnections: [kernel.IPVS_DEST_ATTR_PERSIST_CONNS, u32],
      stats: [kernel.IPVS_DEST_ATTR_STATS, deferred(stats)],
      stats64: [kernel.IPVS_DEST_ATTR_STATS64, stats64],
    }),
  ],
  daemon: [kernel.IPVS_CMD_ATTR_DAEMON, daemonAttributes],
  ...timeoutAttributes,
});

export const info = new AttributeSet({
  version: [kernel.IPVS_INFO_ATTR_VERSION, u32],
  connectionTableSize: [kernel.IPVS_INFO_ATTR_CONN_TAB_SIZE, u32],
});

type ReceivedBy<Set> = Set extends AttributeSet<infer D> ? Values<D> : never;

export type SentService = Sent<typeof sentService>;
export type SentDestination = Sent<typeof destinationAttributes>;
export type SentDaemon = NonNullable<Parameters<typeof daemonCommand.write>[2]["daemon"]>;

export type ReplyAttributes = ReceivedBy<typeof reply>;
export type SettingsAttributes = Values<typeof serviceAttributes>;
export type DestinationLoadAttributes = Values<typeof destinationLoad>;
export type ServiceAttributes = NonNullable<ReplyAttributes["service"]>;
export type DestinationAttributes = NonNullable<ReplyAttributes["destination"]>;
export type DaemonAttributes = ReceivedBy<typeof daemonAttributes>;
export type InfoAttributes = ReceivedBy<typeof info>;
export type StatsAttributes = ReceivedBy<typeof stats> | ReceivedBy<typeof stats64>;

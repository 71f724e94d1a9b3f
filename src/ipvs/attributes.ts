/**
 * The attribute sets of ip_vs, each in the order in which ipvsadm sends it.
 * Ports and IPv4 masks are big-endian, all else is in the host's byte order.
 */
import { AttributeSet, deferred, type Values } from "../netlink/codec/attribute-set.js";
import { bytes, type Coder, i32, place, string, u8, u16, u16be, u32, u64 } from "../netlink/codec/coders.js";
import { encodeGeneric } from "../netlink/codec/generic.js";
import * as kernel from "./constants.js";

/** union nf_inet_addr: IPv4 sits in the first four of its sixteen bytes. */
const address = bytes(16, 4);

/** struct ip_vs_flags: the mask says which flags are meant. */
export interface Flags {
  readonly flags: number;
  readonly mask: number;
}

const flags: Coder<Flags> = {
  write(view, offset, value) {
    return u32.write(view, u32.write(view, offset, value.flags), value.mask);
  },
  read(view, offset, length) {
    return { flags: u32.read(view, offset, length / 2), mask: u32.read(view, offset + 4, length / 2) };
  },
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

const settings = {
  family: [kernel.IPVS_SVC_ATTR_AF, u16],
  protocol: [kernel.IPVS_SVC_ATTR_PROTOCOL, u16],
  address: [kernel.IPVS_SVC_ATTR_ADDR, address],
  port: [kernel.IPVS_SVC_ATTR_PORT, u16be],
  fwmark: [kernel.IPVS_SVC_ATTR_FWMARK, u32],
  scheduler: [kernel.IPVS_SVC_ATTR_SCHED_NAME, string],
  engine: [kernel.IPVS_SVC_ATTR_PE_NAME, string],
  flags: [kernel.IPVS_SVC_ATTR_FLAGS, flags],
  timeout: [kernel.IPVS_SVC_ATTR_TIMEOUT, u32],
  netmask: [kernel.IPVS_SVC_ATTR_NETMASK, bytes(4)],
} as const;

const service = new AttributeSet({
  ...settings,
  stats: [kernel.IPVS_SVC_ATTR_STATS, deferred(stats)],
  stats64: [kernel.IPVS_SVC_ATTR_STATS64, stats64],
});

const destination = new AttributeSet({
  family: [kernel.IPVS_DEST_ATTR_ADDR_FAMILY, u16],
  address: [kernel.IPVS_DEST_ATTR_ADDR, address],
  port: [kernel.IPVS_DEST_ATTR_PORT, u16be],
  forward: [kernel.IPVS_DEST_ATTR_FWD_METHOD, u32],
  weight: [kernel.IPVS_DEST_ATTR_WEIGHT, i32],
  tunnelType: [kernel.IPVS_DEST_ATTR_TUN_TYPE, u8],
  tunnelPort: [kernel.IPVS_DEST_ATTR_TUN_PORT, u16be],
  tunnelFlags: [kernel.IPVS_DEST_ATTR_TUN_FLAGS, u16],
  upperThreshold: [kernel.IPVS_DEST_ATTR_U_THRESH, u32],
  lowerThreshold: [kernel.IPVS_DEST_ATTR_L_THRESH, u32],
  activeConnections: [kernel.IPVS_DEST_ATTR_ACTIVE_CONNS, u32],
  inactiveConnections: [kernel.IPVS_DEST_ATTR_INACT_CONNS, u32],
  persistentConnections: [kernel.IPVS_DEST_ATTR_PERSIST_CONNS, u32],
  stats: [kernel.IPVS_DEST_ATTR_STATS, deferred(stats)],
  stats64: [kernel.IPVS_DEST_ATTR_STATS64, stats64],
});

const daemon = new AttributeSet({
  state: [kernel.IPVS_DAEMON_ATTR_STATE, u32],
  interface: [kernel.IPVS_DAEMON_ATTR_MCAST_IFN, string],
  syncId: [kernel.IPVS_DAEMON_ATTR_SYNC_ID, u32],
  syncMaxLength: [kernel.IPVS_DAEMON_ATTR_SYNC_MAXLEN, u16],
  multicastPort: [kernel.IPVS_DAEMON_ATTR_MCAST_PORT, u16],
  multicastTtl: [kernel.IPVS_DAEMON_ATTR_MCAST_TTL, u8],
  multicastGroup: [kernel.IPVS_DAEMON_ATTR_MCAST_GROUP, bytes(4)],
  multicastGroup6: [kernel.IPVS_DAEMON_ATTR_MCAST_GROUP6, bytes(16)],
});

export const command = new AttributeSet({
  service: [kernel.IPVS_CMD_ATTR_SERVICE, service],
  destination: [kernel.IPVS_CMD_ATTR_DEST, destination],
  daemon: [kernel.IPVS_CMD_ATTR_DAEMON, daemon],
  tcp: [kernel.IPVS_CMD_ATTR_TIMEOUT_TCP, u32],
  tcpFin: [kernel.IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, u32],
  udp: [kernel.IPVS_CMD_ATTR_TIMEOUT_UDP, u32],
});

/** What is read of a service where its statistics are not wanted: they would be most of the work. */
export const serviceSettings = new AttributeSet({
  service: [kernel.IPVS_CMD_ATTR_SERVICE, new AttributeSet(settings)],
});

export const info = new AttributeSet({
  version: [kernel.IPVS_INFO_ATTR_VERSION, u32],
  connectionTableSize: [kernel.IPVS_INFO_ATTR_CONN_TAB_SIZE, u32],
});

/** Where in a command stands what many that follow each other differ in. A function, since few runs need it. */
export const makePlaces = () =>
  new AttributeSet({
    service: [
      kernel.IPVS_CMD_ATTR_SERVICE,
      new AttributeSet({
        address: [kernel.IPVS_SVC_ATTR_ADDR, place],
        port: [kernel.IPVS_SVC_ATTR_PORT, place],
      }),
    ],
    destination: [
      kernel.IPVS_CMD_ATTR_DEST,
      new AttributeSet({
        address: [kernel.IPVS_DEST_ATTR_ADDR, place],
        port: [kernel.IPVS_DEST_ATTR_PORT, place],
        forward: [kernel.IPVS_DEST_ATTR_FWD_METHOD, place],
        weight: [kernel.IPVS_DEST_ATTR_WEIGHT, place],
      }),
    ],
  });

type ValuesOf<Set> = Set extends AttributeSet<infer D> ? Values<D> : never;

export type CommandAttributes = ValuesOf<typeof command>;
export type SettingsAttributes = Values<typeof settings>;
export type ServiceAttributes = ValuesOf<typeof service>;
export type DestinationAttributes = ValuesOf<typeof destination>;
export type DaemonAttributes = ValuesOf<typeof daemon>;
export type InfoAttributes = ValuesOf<typeof info>;
export type StatsAttributes = ValuesOf<typeof stats> | ValuesOf<typeof stats64>;

/** The payload of a command by its number. Throws a RangeError for a value that cannot be sent. */
export function encodeCommand(number: number, values: CommandAttributes): Uint8Array {
  return encodeGeneric(number, kernel.IPVS_GENL_VERSION, command, values);
}

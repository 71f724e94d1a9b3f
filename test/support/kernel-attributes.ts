/** The replies of ip_vs with the numbers of linux/ip_vs.h, declared without the program's own tables, to check those. */
import { AttributeSet, type Sent } from "../../src/netlink/codec/attribute-set.js";
import { bytes, i32, string, u8, u16, u16be, u32, u64 } from "../../src/netlink/codec/coders.js";

const stats = new AttributeSet({
  connections: [1, u32],
  packetsIn: [2, u32],
  packetsOut: [3, u32],
  bytesIn: [4, u64],
  bytesOut: [5, u64],
  connectionRate: [6, u32],
  packetRateIn: [7, u32],
  packetRateOut: [8, u32],
  byteRateIn: [9, u32],
  byteRateOut: [10, u32],
});

const stats64 = new AttributeSet({
  connections: [1, u64],
  packetsIn: [2, u64],
  packetsOut: [3, u64],
  bytesIn: [4, u64],
  bytesOut: [5, u64],
  connectionRate: [6, u64],
  packetRateIn: [7, u64],
  packetRateOut: [8, u64],
  byteRateIn: [9, u64],
  byteRateOut: [10, u64],
});

const service = new AttributeSet({
  family: [1, u16],
  protocol: [2, u16],
  address: [3, bytes()],
  port: [4, u16be],
  fwmark: [5, u32],
  scheduler: [6, string],
  flags: [7, bytes()],
  timeout: [8, u32],
  netmask: [9, bytes()],
  stats: [10, stats],
  engine: [11, string],
  stats64: [12, stats64],
});

const destination = new AttributeSet({
  address: [1, bytes()],
  port: [2, u16be],
  forward: [3, u32],
  weight: [4, i32],
  upperThreshold: [5, u32],
  lowerThreshold: [6, u32],
  activeConnections: [7, u32],
  inactiveConnections: [8, u32],
  persistentConnections: [9, u32],
  stats: [10, stats],
  family: [11, u16],
  stats64: [12, stats64],
  tunnelType: [13, u8],
  tunnelPort: [14, u16be],
  tunnelFlags: [15, u16],
});

const daemon = new AttributeSet({
  state: [1, u32],
  interface: [2, string],
  syncId: [3, u32],
  syncMaxLength: [4, u16],
  multicastGroup: [5, bytes()],
  multicastGroup6: [6, bytes()],
  multicastPort: [7, u16],
  multicastTtl: [8, u8],
});

const declaration = {
  service: [1, service],
  destination: [2, destination],
  daemon: [3, daemon],
  tcp: [4, u32],
  tcpFin: [5, u32],
  udp: [6, u32],
} as const;

export const kernelReply = new AttributeSet(declaration);
export type KernelReply = Sent<typeof declaration>;

export const kernelInfo = new AttributeSet({ version: [1, u32], connectionTableSize: [2, u32] });

/** Between the model's values and the attributes of the wire. Attributes that make no sense reject with EBADMSG. */

import { formatAddress, parseAddress, writeAddress } from "../model/address.js";
import { defaultDestinationSettings, wholeAddress } from "../model/defaults.js";
import {
  type Counters,
  type Destination,
  type DestinationEntry,
  type DestinationKey,
  type Family,
  type ForwardingMethod,
  type Info,
  isMarkService,
  type Protocol,
  type Rates,
  type SchedulerFlag,
  type Service,
  type ServiceEntry,
  type ServiceKey,
  type TunnelChecksum,
  type TunnelType,
} from "../model/table.js";
import { malformed } from "../netlink/codec/netlink-error.js";
import type {
  DestinationAttributes,
  InfoAttributes,
  ServiceAttributes,
  SettingsAttributes,
  StatsAttributes,
} from "./attributes.js";
import * as kernel from "./constants.js";

/** A table of the kernel's numbers, with the way back. */
export class Codes<Name extends string> {
  /** Made when the first number comes: most runs see few of the tables. */
  #byNumber: ReadonlyMap<number, Name> | undefined;

  constructor(
    private readonly what: string,
    private readonly byName: Readonly<Record<Name, number>>,
  ) {}

  toNumber(name: Name): number {
    return this.byName[name];
  }

  fromNumber(number: number): Name {
    this.#byNumber ??= new Map((Object.keys(this.byName) as Name[]).map((name) => [this.byName[name], name]));
    const name = this.#byNumber.get(number);
    if (name === undefined) throw malformed(`${this.what} ${number}`);
    return name;
  }
}

const families = new Codes<Family>("address family", { inet: kernel.AF_INET, inet6: kernel.AF_INET6 });

const protocols = new Codes<Protocol>("protocol", {
  tcp: kernel.IPPROTO_TCP,
  udp: kernel.IPPROTO_UDP,
  sctp: kernel.IPPROTO_SCTP,
});

export const forwardingMethods = new Codes<ForwardingMethod>("forwarding method", {
  masq: kernel.IP_VS_CONN_F_MASQ,
  local: kernel.IP_VS_CONN_F_LOCALNODE,
  tunnel: kernel.IP_VS_CONN_F_TUNNEL,
  route: kernel.IP_VS_CONN_F_DROUTE,
});

const tunnelTypes = new Codes<TunnelType>("tunnel type", {
  ipip: kernel.IP_VS_CONN_F_TUNNEL_TYPE_IPIP,
  gue: kernel.IP_VS_CONN_F_TUNNEL_TYPE_GUE,
  gre: kernel.IP_VS_CONN_F_TUNNEL_TYPE_GRE,
});

const tunnelChecksums = new Codes<TunnelChecksum>("tunnel flags", {
  nocsum: kernel.IP_VS_TUNNEL_ENCAP_FLAG_NOCSUM,
  csum: kernel.IP_VS_TUNNEL_ENCAP_FLAG_CSUM,
  remcsum: kernel.IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM,
});

const schedulerFlags: readonly (readonly [SchedulerFlag, number])[] = [
  [1, kernel.IP_VS_SVC_F_SCHED1],
  [2, kernel.IP_VS_SVC_F_SCHED2],
  [3, kernel.IP_VS_SVC_F_SCHED3],
];

const SCHEDULER_BITS = kernel.IP_VS_SVC_F_SCHED1 | kernel.IP_VS_SVC_F_SCHED2 | kernel.IP_VS_SVC_F_SCHED3;

/** Every flag counts, those that are not set too. */
const ALL_FLAGS = 0xffffffff;

/** An attribute that the kernel always sends. */
export function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw malformed(`no ${name}`);
  return value;
}

/** union nf_inet_addr: sixteen bytes for both families. */
function toAddress(family: Family, text: string): Uint8Array {
  const bytes = new Uint8Array(16);
  writeAddress(family, text, bytes, 0);
  return bytes;
}

function fromAddress(family: Family, bytes: Uint8Array): string {
  if (family === "inet6" && bytes.length < 16) throw malformed(`an IPv6 address of ${bytes.length} bytes`);
  return formatAddress(family, bytes);
}

/** A mask in network order for IPv4, a prefix length in host order for IPv6. */
function toNetmask(family: Family, netmask: string | number): Uint8Array {
  if (family === "inet" && typeof netmask === "string") return parseAddress("inet", netmask);
  if (family === "inet6" && typeof netmask === "number") return new Uint8Array(Uint32Array.of(netmask).buffer);
  throw new RangeError(`not an ${family} netmask: ${netmask}`);
}

function fromNetmask(family: Family, bytes: Uint8Array): string | number {
  return family === "inet" ? formatAddress("inet", bytes) : (new Uint32Array(bytes.slice().buffer)[0] ?? 0);
}

/** What the kernel reads where it looks for a service. */
export function toServiceKey(key: ServiceKey): ServiceAttributes {
  const family = families.toNumber(key.family);
  if (isMarkService(key)) return { family, fwmark: key.fwmark };
  const protocol = protocols.toNumber(key.protocol);
  return { family, protocol, address: toAddress(key.family, key.address), port: key.port };
}

/** The settings of an empty service, as ipvsadm sends them where only the key matters; each made when it is first needed. */
const emptySettings: Partial<Record<Family, ServiceAttributes>> = {};

function emptySettingsOf(family: Family): ServiceAttributes {
  emptySettings[family] ??= {
    scheduler: "",
    flags: { flags: 0, mask: ALL_FLAGS },
    timeout: 0,
    netmask: toNetmask(family, wholeAddress(family)),
  };
  return emptySettings[family];
}

/** A service as ipvsadm names it in a change of anything but its settings: the kernel reads its key only. */
export function toServiceReference(key: ServiceKey): ServiceAttributes {
  return Object.assign(toServiceKey(key), emptySettingsOf(key.family));
}

export function toService(service: Service): ServiceAttributes {
  let flags = 0;
  if (service.persistent) flags |= kernel.IP_VS_SVC_F_PERSISTENT;
  if (service.onePacket) flags |= kernel.IP_VS_SVC_F_ONEPACKET;
  for (const [flag, bit] of schedulerFlags) if (service.schedulerFlags.includes(flag)) flags |= bit;
  return {
    ...toServiceKey(service),
    scheduler: service.scheduler,
    engine: service.engine,
    flags: { flags, mask: ALL_FLAGS },
    timeout: service.timeout,
    netmask: toNetmask(service.family, service.netmask),
  };
}

const NO_FLAGS: readonly SchedulerFlag[] = [];

function fromSchedulerFlags(flags: number): readonly SchedulerFlag[] {
  if ((flags & SCHEDULER_BITS) === 0) return NO_FLAGS;
  return schedulerFlags.filter(([, bit]) => flags & bit).map(([flag]) => flag);
}

function fromServiceKey(family: Family, attributes: SettingsAttributes): ServiceKey {
  // The kernel sends either a mark or the other three; the mark of a service that has none would be 0.
  if (attributes.fwmark) return { family, fwmark: attributes.fwmark };
  return {
    family,
    protocol: protocols.fromNumber(required(attributes.protocol, "protocol")),
    address: fromAddress(family, required(attributes.address, "service address")),
    port: required(attributes.port, "service port"),
  };
}

export function fromService(attributes: ServiceAttributes | undefined): ServiceEntry {
  const service = required(attributes, "service");
  return Object.assign(fromServiceSettings(service), fromStats(service));
}

export function fromServiceSettings(attributes: SettingsAttributes | undefined): Service {
  const service = required(attributes, "service");
  const family = families.fromNumber(required(service.family, "address family"));
  const { flags } = required(service.flags, "service flags");
  return {
    ...fromServiceKey(family, service),
    scheduler: required(service.scheduler, "scheduler"),
    schedulerFlags: fromSchedulerFlags(flags),
    onePacket: (flags & kernel.IP_VS_SVC_F_ONEPACKET) !== 0,
    persistent: (flags & kernel.IP_VS_SVC_F_PERSISTENT) !== 0,
    timeout: required(service.timeout, "timeout"),
    netmask: fromNetmask(family, required(service.netmask, "netmask")),
    ...(service.engine === undefined ? {} : { engine: service.engine }),
  };
}

export function toDestination(destination: Destination): DestinationAttributes {
  const { family, tunnel } = destination;
  return {
    family: families.toNumber(family),
    address: toAddress(family, destination.address),
    port: destination.port,
    forward: forwardingMethods.toNumber(destination.forward),
    weight: destination.weight,
    tunnelType: tunnelTypes.toNumber(tunnel.type),
    tunnelPort: tunnel.port,
    tunnelFlags: tunnelChecksums.toNumber(tunnel.checksum),
    upperThreshold: destination.upperThreshold,
    lowerThreshold: destination.lowerThreshold,
  };
}

/** A destination as ipvsadm names it in a deletion: the kernel reads its key only, but gets ipvsadm's defaults, too. */
export function toDestinationReference(key: DestinationKey): DestinationAttributes {
  return toDestination({ ...key, ...defaultDestinationSettings });
}

/** Kernels before 3.18 do not tell the destination's family, as it is the service's. */
export function fromDestination(
  attributes: DestinationAttributes | undefined,
  serviceFamily: Family,
): DestinationEntry {
  const destination = required(attributes, "destination");
  const family = destination.family ? families.fromNumber(destination.family) : serviceFamily;
  return {
    family,
    address: fromAddress(family, required(destination.address, "destination address")),
    port: required(destination.port, "destination port"),
    forward: forwardingMethods.fromNumber(required(destination.forward, "forwarding method")),
    weight: required(destination.weight, "weight"),
    upperThreshold: required(destination.upperThreshold, "upper threshold"),
    lowerThreshold: required(destination.lowerThreshold, "lower threshold"),
    tunnel: {
      type: tunnelTypes.fromNumber(destination.tunnelType ?? kernel.IP_VS_CONN_F_TUNNEL_TYPE_IPIP),
      port: destination.tunnelPort ?? 0,
      checksum: tunnelChecksums.fromNumber(destination.tunnelFlags ?? kernel.IP_VS_TUNNEL_ENCAP_FLAG_NOCSUM),
    },
    activeConnections: required(destination.activeConnections, "active connections"),
    inactiveConnections: required(destination.inactiveConnections, "inactive connections"),
    persistentConnections: required(destination.persistentConnections, "persistent connections"),
    ...fromStats(destination),
  };
}

/** Kernels before 4.1 have the 32-bit statistics only. */
function fromStats(attributes: ServiceAttributes | DestinationAttributes): { counters: Counters; rates: Rates } {
  const stats: StatsAttributes = required(attributes.stats64 ?? attributes.stats?.(), "statistics");
  return {
    counters: {
      connections: count(stats.connections),
      packetsIn: count(stats.packetsIn),
      packetsOut: count(stats.packetsOut),
      bytesIn: count(stats.bytesIn),
      bytesOut: count(stats.bytesOut),
    },
    rates: {
      connections: count(stats.connectionRate),
      packetsIn: count(stats.packetRateIn),
      packetsOut: count(stats.packetRateOut),
      bytesIn: count(stats.byteRateIn),
      bytesOut: count(stats.byteRateOut),
    },
  };
}

function count(value: number | bigint | undefined): bigint {
  return BigInt(required(value, "statistics"));
}

/** The version is one byte each of major, minor and patch level. */
export function fromInfo(attributes: InfoAttributes): Info {
  const version = required(attributes.version, "version");
  return {
    version: `${(version >>> 16) & 0xff}.${(version >>> 8) & 0xff}.${version & 0xff}`,
    connectionTableSize: required(attributes.connectionTableSize, "connection table size"),
  };
}

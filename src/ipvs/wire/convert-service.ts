import { formatAddress } from "../../model/address.js";
import { wholeAddress } from "../../model/defaults.js";
import {
  type Family,
  isMarkService,
  type SchedulerFlag,
  type Service,
  type ServiceEntry,
  type ServiceKey,
} from "../../model/table.js";
import { expectAttribute } from "../../netlink/codec/attribute-set.js";
import type { SentService, ServiceAttributes, SettingsAttributes } from "./attributes.js";
import * as kernel from "./constants.js";
import { checkFamily, fromAddress } from "./convert-address.js";
import { fromStats } from "./convert-stats.js";

const schedulerFlags: readonly (readonly [SchedulerFlag, number])[] = [
  [1, kernel.IP_VS_SVC_F_SCHED1],
  [2, kernel.IP_VS_SVC_F_SCHED2],
  [3, kernel.IP_VS_SVC_F_SCHED3],
];

const schedulerBits = kernel.IP_VS_SVC_F_SCHED1 | kernel.IP_VS_SVC_F_SCHED2 | kernel.IP_VS_SVC_F_SCHED3;

function sendableNetmask({ family, netmask }: Service): string | number {
  if (typeof netmask !== (family === "inet" ? "string" : "number")) {
    throw new RangeError(`not an ${family} netmask: ${netmask}`);
  }
  return netmask;
}

/** A mask in network order for IPv4, a prefix length in host order for IPv6. */
export function readNetmask(family: Family, bytes: Uint8Array): string | number {
  return family === "inet" ? formatAddress("inet", bytes) : (new Uint32Array(bytes.slice().buffer)[0] ?? 0);
}

/** The part of a service that identifies it in a query. Throws a RangeError for an address of another family. */
export function toServiceKey(key: ServiceKey): SentService {
  if (!isMarkService(key)) checkFamily(key);
  return { key };
}

const emptySettings = {
  inet: { scheduler: "", flags: 0, timeout: 0, netmask: wholeAddress("inet") },
  inet6: { scheduler: "", flags: 0, timeout: 0, netmask: wholeAddress("inet6") },
};

/**
 * A service as ipvsadm names it in a change of anything but its settings: the kernel reads its key only, but gets the
 * settings of an empty service too.
 */
export function toServiceReference(key: ServiceKey): SentService {
  if (!isMarkService(key)) checkFamily(key);
  return { key, settings: emptySettings[key.family] };
}

/** Throws a RangeError for an address or a netmask of another family. */
export function toService(service: Service): SentService {
  if (!isMarkService(service)) checkFamily(service);
  const { scheduler, engine, timeout } = service;
  const settings = { scheduler, engine, flags: toFlags(service), timeout, netmask: sendableNetmask(service) };
  return { key: service, settings };
}

function toFlags(service: Service): number {
  let flags = 0;
  if (service.persistent) flags |= kernel.IP_VS_SVC_F_PERSISTENT;
  if (service.onePacket) flags |= kernel.IP_VS_SVC_F_ONEPACKET;
  for (const [flag, bit] of schedulerFlags) if (service.schedulerFlags.includes(flag)) flags |= bit;
  return flags;
}

const noSchedulerFlags: readonly SchedulerFlag[] = [];

function readSchedulerFlags(flags: number): readonly SchedulerFlag[] {
  if ((flags & schedulerBits) === 0) return noSchedulerFlags;
  return schedulerFlags.filter(([, bit]) => flags & bit).map(([flag]) => flag);
}

function fromServiceKey(family: Family, attributes: SettingsAttributes): ServiceKey {
  // The kernel sends either a mark or the other three; the mark of a service that has none would be 0.
  if (attributes.fwmark) return { family, fwmark: attributes.fwmark };
  return {
    family,
    protocol: expectAttribute(attributes.protocol, "protocol"),
    address: fromAddress(family, expectAttribute(attributes.address, "service address")),
    port: expectAttribute(attributes.port, "service port"),
  };
}

export function fromService(attributes: ServiceAttributes | undefined): ServiceEntry {
  const service = expectAttribute(attributes, "service");
  return Object.assign(fromServiceSettings(service), fromStats(service));
}

export function fromServiceSettings(attributes: SettingsAttributes | undefined): Service {
  const service = expectAttribute(attributes, "service");
  const family = expectAttribute(service.family, "address family");
  const flags = expectAttribute(service.flags, "service flags");
  return {
    ...fromServiceKey(family, service),
    scheduler: expectAttribute(service.scheduler, "scheduler"),
    schedulerFlags: readSchedulerFlags(flags),
    onePacket: (flags & kernel.IP_VS_SVC_F_ONEPACKET) !== 0,
    persistent: (flags & kernel.IP_VS_SVC_F_PERSISTENT) !== 0,
    timeout: expectAttribute(service.timeout, "timeout"),
    netmask: readNetmask(family, expectAttribute(service.netmask, "netmask")),
    ...(service.engine === undefined ? {} : { engine: service.engine }),
  };
}

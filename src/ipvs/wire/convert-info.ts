import type { Info, Timeouts } from "../../model/table.js";
import { expectAttribute } from "../../netlink/codec/attribute-set.js";
import type { InfoAttributes, ReplyAttributes } from "./attributes.js";

/** The version is one byte each of major, minor and patch level. */
export function fromInfo(attributes: InfoAttributes): Info {
  const version = expectAttribute(attributes.version, "version");
  return {
    version: `${(version >>> 16) & 0xff}.${(version >>> 8) & 0xff}.${version & 0xff}`,
    connectionTableSize: expectAttribute(attributes.connectionTableSize, "connection table size"),
  };
}

export function fromTimeouts({ tcp, tcpFin, udp }: ReplyAttributes): Timeouts {
  return {
    tcp: expectAttribute(tcp, "tcp timeout"),
    tcpFin: expectAttribute(tcpFin, "tcpfin timeout"),
    udp: expectAttribute(udp, "udp timeout"),
  };
}

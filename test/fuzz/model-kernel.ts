import { info, reply as replySet } from "../../src/ipvs/wire/attributes.js";
import * as kernel from "../../src/ipvs/wire/constants.js";
import { toDaemon } from "../../src/ipvs/wire/convert-daemon.js";
import { toDestination } from "../../src/ipvs/wire/convert-destination.js";
import { toService } from "../../src/ipvs/wire/convert-service.js";
import { serviceKeyOf } from "../../src/model/identity.js";
import type { DestinationEntry, Info, ServiceEntry } from "../../src/model/table.js";
import { encodeGeneric } from "../../src/netlink/codec/generic.js";
import {
  type Message,
  NLM_F_ACK,
  NLM_F_DUMP,
  NLM_F_MULTI,
  NLMSG_DONE,
  NLMSG_ERROR,
} from "../../src/netlink/codec/message.js";
import { concat, hex, toHex } from "../support/bytes.js";
import type { Whole } from "../support/random-table.js";

/** A message from the kernel, before it is bytes. */
export interface Reply {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  readonly payload: Uint8Array;
}

/** The type of the messages of ip_vs, and of those that resolve its name. */
export const ipvsFamily = 0x1c;
const controlFamily = 16;

const familyReply = hex("01020000 06000100 1c000000");

export const kernelInfo: Info = { version: "1.2.1", connectionTableSize: 4096 };
const infoReply = { version: 0x010201, connectionTableSize: kernelInfo.connectionTableSize };

export function int32(value: number): Uint8Array {
  return new Uint8Array(Int32Array.of(value).buffer);
}

type Values = Parameters<typeof replySet.write>[2];

function encode(number: number, values: Values): Uint8Array {
  return encodeGeneric(number, 1, replySet, values).slice();
}

function toStats({ counters, rates }: ServiceEntry | DestinationEntry) {
  return {
    ...counters,
    connectionRate: rates.connections,
    packetRateIn: rates.packetsIn,
    packetRateOut: rates.packetsOut,
    byteRateIn: rates.bytesIn,
    byteRateOut: rates.bytesOut,
  };
}

export function serviceReply(service: ServiceEntry): Uint8Array {
  const { settings } = toService(service);
  const values = { ...serviceKeyOf(service), ...settings, stats64: toStats(service) };
  return encode(kernel.IPVS_CMD_NEW_SERVICE, { service: values });
}

export function destinationReply(destination: DestinationEntry): Uint8Array {
  const { activeConnections, inactiveConnections, persistentConnections } = destination;
  const gauges = { activeConnections, inactiveConnections, persistentConnections };
  const values = { ...toDestination(destination), ...gauges, stats64: toStats(destination) };
  return encode(kernel.IPVS_CMD_NEW_DEST, { destination: values });
}

/** What a kernel with this table has to say to a question: the payloads of its replies. It makes every change without a word. */
function payloadsFor({ type, payload }: Message, { services, timeouts, daemons }: Whole): Uint8Array[] {
  if (type === controlFamily) return [familyReply];
  if (type !== ipvsFamily) return [];
  const bytes = new Uint8Array(payload.buffer, payload.byteOffset, payload.byteLength);
  const number = payload.getUint8(0);
  const asksFor = ({ service }: (typeof services)[number]) =>
    toHex(bytes) === toHex(encode(number, { service: serviceKeyOf(service) }));
  switch (number) {
    case kernel.IPVS_CMD_GET_INFO:
      return [encodeGeneric(kernel.IPVS_CMD_SET_INFO, 1, info, infoReply).slice()];
    case kernel.IPVS_CMD_GET_SERVICE:
      return services
        .filter((entry) => bytes.length === 4 || asksFor(entry))
        .map(({ service }) => serviceReply(service));
    case kernel.IPVS_CMD_GET_DEST:
      return (services.find(asksFor)?.destinations ?? []).map(destinationReply);
    case kernel.IPVS_CMD_GET_CONFIG:
      return [encode(kernel.IPVS_CMD_SET_CONFIG, timeouts)];
    case kernel.IPVS_CMD_GET_DAEMON:
      return daemons.map((daemon) => encode(kernel.IPVS_CMD_NEW_DAEMON, { daemon: toDaemon(daemon) }));
    default:
      return [];
  }
}

/** The datagrams with which a kernel answers the messages of one. */
export function answer(messages: readonly Message[], table: Whole): Reply[][] {
  return messages.flatMap((message) => {
    const { flags, sequence } = message;
    const reply = (type: number, payload: Uint8Array, flags = 0): Reply => ({ type, flags, sequence, payload });
    const payloads = payloadsFor(message, table);
    if ((flags & NLM_F_DUMP) === NLM_F_DUMP) {
      const parts = payloads.map((payload) => reply(message.type, payload, NLM_F_MULTI));
      return [parts, [reply(NLMSG_DONE, int32(0), NLM_F_MULTI)]].filter((datagram) => datagram.length > 0);
    }
    const replies = payloads.map((payload) => [reply(message.type, payload)]);
    return flags & NLM_F_ACK ? [...replies, [reply(NLMSG_ERROR, concat(int32(0), new Uint8Array(16)))]] : replies;
  });
}

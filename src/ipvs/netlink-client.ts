import type { Change } from "../model/change.js";
import type { Daemon, DestinationEntry, Info, Service, ServiceEntry, ServiceKey, Timeouts } from "../model/table.js";
import { decodeGeneric, encodeGeneric } from "../netlink/codec/generic.js";
import type { Message } from "../netlink/codec/message.js";
import { NetlinkError } from "../netlink/codec/netlink-error.js";
import type { Connection } from "../netlink/connection.js";
import type { IpvsClient } from "./client.js";
import { IpvsError, type IpvsErrorDetails, type Operation } from "./ipvs-error.js";
import { info, type ReplyAttributes, reply, serviceCommand } from "./wire/attributes.js";
import * as kernel from "./wire/constants.js";
import { fromDaemon } from "./wire/convert-daemon.js";
import { fromDestination } from "./wire/convert-destination.js";
import { fromInfo, fromTimeouts } from "./wire/convert-info.js";
import { fromService, fromServiceSettings, toServiceKey } from "./wire/convert-service.js";
import { encodeChanges, operationOf } from "./wire/encode-change.js";
import { expectAttribute } from "./wire/expect-attribute.js";

/** ip_vs over generic netlink: `family` is the type of its messages. */
export class NetlinkClient implements IpvsClient {
  #info: Promise<Info> | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly family: number,
  ) {}

  info(): Promise<Info> {
    this.#info ??= this.#request("initialize", kernel.IPVS_CMD_GET_INFO, undefined, (message) =>
      fromInfo(decodeGeneric(info, message)),
    );
    return this.#info;
  }

  services(): Promise<ServiceEntry[]> {
    return this.#dump("get services", kernel.IPVS_CMD_GET_SERVICE, undefined, (message) =>
      fromService(decodeReply(message).service),
    );
  }

  serviceSettings(): Promise<Service[]> {
    return this.#dump("get services", kernel.IPVS_CMD_GET_SERVICE, undefined, (message) =>
      fromServiceSettings(decodeGeneric(serviceCommand, message).service),
    );
  }

  service(key: ServiceKey): Promise<ServiceEntry> {
    return this.#request("get service", kernel.IPVS_CMD_GET_SERVICE, key, (message) =>
      fromService(decodeReply(message).service),
    );
  }

  destinations(key: ServiceKey): Promise<DestinationEntry[]> {
    return this.#dump("get destinations", kernel.IPVS_CMD_GET_DEST, key, (message) =>
      fromDestination(decodeReply(message).destination, key.family),
    );
  }

  timeouts(): Promise<Timeouts> {
    return this.#request("get timeouts", kernel.IPVS_CMD_GET_CONFIG, undefined, (message) =>
      fromTimeouts(decodeReply(message)),
    );
  }

  daemons(): Promise<Daemon[]> {
    return this.#dump("get daemons", kernel.IPVS_CMD_GET_DAEMON, undefined, (message) =>
      fromDaemon(decodeReply(message).daemon),
    );
  }

  change(changes: readonly Change[]): Promise<(IpvsError | undefined)[]> {
    return callConnection(
      () => this.connection.execute(this.family, encodeChanges(changes)),
      (outcomes) =>
        changes.map((change, index) => {
          const refusal = outcomes[index];
          return refusal && toIpvsError(operationOf(change), refusal, { change });
        }),
    );
  }

  close(): void {
    this.connection.close();
  }

  #request<T>(
    operation: Operation,
    number: number,
    key: ServiceKey | undefined,
    convert: (message: Message) => T,
  ): Promise<T> {
    return callConnection(
      () => this.connection.request(this.family, encodeQuery(number, key)),
      ([message]) => convert(expectAttribute(message, "reply")),
      (error) => toIpvsError(operation, error, { key }),
    );
  }

  #dump<T>(
    operation: Operation,
    number: number,
    key: ServiceKey | undefined,
    convert: (message: Message) => T,
  ): Promise<T[]> {
    return callConnection(
      () => this.connection.dump(this.family, encodeQuery(number, key)),
      (messages) => messages.map(convert),
      (error) => toIpvsError(operation, error, { key }),
    );
  }
}

/**
 * The result of a call to the connection, converted. Every method goes through here once, so calls settle in the order in
 * which the connection settles them. `toError` is for what the kernel refused or a malformed reply.
 */
async function callConnection<Reply, T>(
  call: () => Promise<Reply>,
  convert: (reply: Reply) => T,
  toError: (error: NetlinkError) => Error = (error) => error,
): Promise<T> {
  try {
    return convert(await call());
  } catch (error) {
    throw error instanceof NetlinkError ? toError(error) : error;
  }
}

/** The payload of a query, for everything or for what belongs to a service. */
function encodeQuery(number: number, key: ServiceKey | undefined): Uint8Array {
  const service = key && toServiceKey(key);
  return encodeGeneric(number, kernel.IPVS_GENL_VERSION, serviceCommand, { service });
}

function decodeReply(message: Message): ReplyAttributes {
  return decodeGeneric(reply, message);
}

function toIpvsError(operation: Operation, cause: NetlinkError, subject: IpvsErrorDetails): IpvsError {
  return new IpvsError(operation, cause.errno, { ...subject, kernelMessage: cause.kernelMessage, cause });
}

import type { Change } from "../model/change.js";
import type { Daemon, DestinationEntry, Info, Service, ServiceEntry, ServiceKey, Timeouts } from "../model/table.js";
import { decodeGeneric } from "../netlink/codec/generic.js";
import type { Message } from "../netlink/codec/message.js";
import { NetlinkError } from "../netlink/codec/netlink-error.js";
import type { NetlinkConnection } from "../netlink/connection.js";
import { type CommandAttributes, command, encodeCommand, info, serviceSettings } from "./attributes.js";
import type { IpvsClient } from "./client.js";
import * as kernel from "./constants.js";
import { fromDestination, fromInfo, fromService, fromServiceSettings, required, toServiceKey } from "./convert.js";
import { fromDaemon, fromTimeouts } from "./convert-daemon.js";
import { encodeChange, operationOf } from "./encode-change.js";
import { ChangeEncoder } from "./fast/change-encoder.js";
import { IpvsError, type Operation } from "./ipvs-error.js";

/** ip_vs over generic netlink: `family` is the type of its messages. */
export class NetlinkClient implements IpvsClient {
  readonly #encoder = new ChangeEncoder();
  #info: Promise<Info> | undefined;

  constructor(
    private readonly connection: NetlinkConnection,
    private readonly family: number,
  ) {}

  info(): Promise<Info> {
    this.#info ??= this.#request("initialize", kernel.IPVS_CMD_GET_INFO, {}, (reply) =>
      fromInfo(decodeGeneric(info, reply)),
    );
    return this.#info;
  }

  async services(): Promise<ServiceEntry[]> {
    return this.#dump("get services", kernel.IPVS_CMD_GET_SERVICE, {}, (reply) =>
      fromService(decodeCommand(reply).service),
    );
  }

  async serviceSettings(): Promise<Service[]> {
    return this.#dump("get services", kernel.IPVS_CMD_GET_SERVICE, {}, (reply) =>
      fromServiceSettings(decodeGeneric(serviceSettings, reply).service),
    );
  }

  async service(key: ServiceKey): Promise<ServiceEntry> {
    const values = { service: toServiceKey(key) };
    return this.#request("get service", kernel.IPVS_CMD_GET_SERVICE, values, (reply) =>
      fromService(decodeCommand(reply).service),
    );
  }

  async destinations(key: ServiceKey): Promise<DestinationEntry[]> {
    const values = { service: toServiceKey(key) };
    return this.#dump("get destinations", kernel.IPVS_CMD_GET_DEST, values, (reply) =>
      fromDestination(decodeCommand(reply).destination, key.family),
    );
  }

  async timeouts(): Promise<Timeouts> {
    return this.#request("get timeouts", kernel.IPVS_CMD_GET_CONFIG, {}, (reply) => fromTimeouts(decodeCommand(reply)));
  }

  async daemons(): Promise<Daemon[]> {
    return this.#dump("get daemons", kernel.IPVS_CMD_GET_DAEMON, {}, (reply) =>
      fromDaemon(decodeCommand(reply).daemon),
    );
  }

  async change(changes: readonly Change[]): Promise<(IpvsError | undefined)[]> {
    // The templates that an encoder makes for what comes next are more work than a single change itself.
    const encode = changes.length > 1 ? (change: Change) => this.#encoder.encode(change) : encodeChange;
    const payloads = changes.map((change) => encode(change));
    return this.connection.execute(this.family, payloads).then((outcomes) =>
      changes.map((change, index) => {
        const error = outcomes[index];
        return error && toIpvsError(operationOf(change), error);
      }),
    );
  }

  close(): void {
    this.connection.close();
  }

  // Each adds the same number of steps to a promise, so that they settle in the order of the calls.

  #request<T>(
    operation: Operation,
    number: number,
    values: CommandAttributes,
    convert: (reply: Message) => T,
  ): Promise<T> {
    return this.connection.request(this.family, encodeCommand(number, values)).then(
      converted(operation, ([reply]) => convert(required(reply, "reply"))),
      refuse(operation),
    );
  }

  #dump<T>(
    operation: Operation,
    number: number,
    values: CommandAttributes,
    convert: (reply: Message) => T,
  ): Promise<T[]> {
    return this.connection.dump(this.family, encodeCommand(number, values)).then(
      converted(operation, (replies) => replies.map(convert)),
      refuse(operation),
    );
  }
}

function decodeCommand(reply: Message): CommandAttributes {
  return decodeGeneric(command, reply);
}

/** The conversion, with malformed replies as refusals. */
function converted<T>(operation: Operation, convert: (replies: Message[]) => T): (replies: Message[]) => T {
  return (replies) => {
    try {
      return convert(replies);
    } catch (error) {
      return refuse(operation)(error);
    }
  };
}

function refuse(operation: Operation): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof NetlinkError)) throw error;
    throw toIpvsError(operation, error);
  };
}

function toIpvsError(operation: Operation, error: NetlinkError): IpvsError {
  return new IpvsError(operation, error.errno, undefined, { cause: error });
}

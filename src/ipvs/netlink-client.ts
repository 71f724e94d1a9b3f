import type { Change } from "../model/change.js";
import type { CountedServers, CountedService, CountKind } from "../model/fast/counts.js";
import type {
  Daemon,
  DestinationEntry,
  DestinationLoad,
  Info,
  Service,
  ServiceEntry,
  ServiceKey,
  Timeouts,
} from "../model/table.js";
import { expectAttribute } from "../netlink/codec/attribute-set.js";
import type { Rows } from "../netlink/codec/fast/rows.js";
import { decodeGeneric, encodeGeneric } from "../netlink/codec/generic.js";
import type { Message } from "../netlink/codec/message.js";
import { NetlinkError } from "../netlink/codec/netlink-error.js";
import type { NetlinkConnection } from "../netlink/connection.js";
import { letOthersRun } from "../platform/clock.js";
import type { IpvsClient } from "./client.js";
import { CountedServerRows, CountedServiceRows } from "./fast/count-rows.js";
import { SettingRows } from "./fast/setting-rows.js";
import { IpvsError, type IpvsErrorDetails, type Operation } from "./ipvs-error.js";
import { info, type ReplyAttributes, reply, serviceCommand, settingsReply } from "./wire/attributes.js";
import * as kernel from "./wire/constants.js";
import { fromDaemon } from "./wire/convert-daemon.js";
import { fromDestination, fromDestinationLoad } from "./wire/convert-destination.js";
import { fromInfo, fromTimeouts } from "./wire/convert-info.js";
import { fromService, fromServiceSettings, toServiceKey } from "./wire/convert-service.js";
import { encodeChanges, makeSeries, operationOf } from "./wire/encode-change.js";

/** ip_vs over generic netlink: `family` is the type of its messages. */
export class NetlinkClient implements IpvsClient {
  #info: Promise<Info> | undefined;
  readonly #series = makeSeries();

  constructor(
    private readonly connection: NetlinkConnection,
    private readonly family: number,
    private readonly options: { readonly patient?: boolean } = {},
  ) {}

  info(): Promise<Info> {
    this.#info ??= this.#request("initialize", kernel.IPVS_CMD_GET_INFO, undefined, (message) =>
      fromInfo(decodeGeneric(info, message)),
    );
    return this.#info;
  }

  async services(): Promise<ServiceEntry[]> {
    return this.#dump("get services", kernel.IPVS_CMD_GET_SERVICE, undefined, (message) =>
      fromService(decodeReply(message).service),
    );
  }

  async serviceSettings(): Promise<Service[]> {
    const rows = new SettingRows();
    const all = () =>
      this.#dump("get services", kernel.IPVS_CMD_GET_SERVICE, undefined, (message) =>
        fromServiceSettings(decodeGeneric(settingsReply, message).service),
      );
    return this.#dumpRows(
      "get services",
      [encodeQuery(kernel.IPVS_CMD_GET_SERVICE)],
      [rows],
      () => rows.result ?? all(),
    );
  }

  async service(key: ServiceKey): Promise<ServiceEntry> {
    return this.#request("get service", kernel.IPVS_CMD_GET_SERVICE, key, (message) =>
      fromService(decodeReply(message).service),
    );
  }

  async destinations(key: ServiceKey): Promise<DestinationEntry[]> {
    return this.#dump("get destinations", kernel.IPVS_CMD_GET_DEST, key, (message) =>
      fromDestination(decodeReply(message).destination, key.family),
    );
  }

  async destinationLoads(key: ServiceKey): Promise<DestinationLoad[]> {
    return this.#dump("get destinations", kernel.IPVS_CMD_GET_DEST, key, (message) =>
      fromDestinationLoad(decodeGeneric(settingsReply, message).destination, key.family),
    );
  }

  async countedServices(kind: CountKind): Promise<readonly CountedService[] | undefined> {
    const rows = new CountedServiceRows(kind);
    return this.#dumpRows("get services", [encodeQuery(kernel.IPVS_CMD_GET_SERVICE)], [rows], () => rows.result);
  }

  async countedServers(keys: readonly ServiceKey[], kind: CountKind): Promise<(CountedServers | undefined)[]> {
    const tables = keys.map(() => new CountedServerRows(kind));
    return this.#dumpRows("get destinations", encodeServerQueries(keys), tables, () =>
      tables.map(({ result }) => result),
    );
  }

  async timeouts(): Promise<Timeouts> {
    return this.#request("get timeouts", kernel.IPVS_CMD_GET_CONFIG, undefined, (message) =>
      fromTimeouts(decodeReply(message)),
    );
  }

  async daemons(): Promise<Daemon[]> {
    return this.#dump("get daemons", kernel.IPVS_CMD_GET_DAEMON, undefined, (message) =>
      fromDaemon(decodeReply(message).daemon),
    );
  }

  async change(changes: readonly Change[]): Promise<(IpvsError | undefined)[]> {
    return this.connection.execute(this.family, encodeChanges(changes, this.#series)).then((outcomes) =>
      changes.map((change, index) => {
        const refusal = outcomes[index];
        return refusal && toIpvsError(operationOf(change), refusal, { change });
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
    key: ServiceKey | undefined,
    convert: (message: Message) => T,
  ): Promise<T> {
    return this.connection.request(this.family, encodeQuery(number, key)).then(
      converted(operation, key, ([message]) => convert(expectAttribute(message, "reply"))),
      refuse(operation, key),
    );
  }

  #dump<T>(
    operation: Operation,
    number: number,
    key: ServiceKey | undefined,
    convert: (message: Message) => T,
  ): Promise<T[]> {
    const replies = this.connection.dump(this.family, encodeQuery(number, key));
    if (this.options.patient) {
      return replies.then((all) => convertInParts(all, convert)).catch(refuse(operation, key));
    }
    return replies.then(
      converted(operation, key, (all) => all.map(convert)),
      refuse(operation, key),
    );
  }

  #dumpRows<T>(
    operation: Operation,
    payloads: readonly Uint8Array[],
    tables: readonly Rows[],
    finish: () => T | Promise<T>,
  ): Promise<T> {
    return this.connection.dumpRows(this.family, payloads, tables).then(finish, refuse(operation, undefined));
  }
}

/** Replies that are converted in a turn of the event loop. */
const partSize = 200;

async function convertInParts<T>(replies: readonly Message[], convert: (message: Message) => T): Promise<T[]> {
  const all: T[] = [];
  for (const [index, reply] of replies.entries()) {
    if (index > 0 && index % partSize === 0) await letOthersRun();
    all.push(convert(reply));
  }
  return all;
}

/** The payload of a query, for everything or for what belongs to a service. */
function encodeQuery(number: number, key?: ServiceKey): Uint8Array {
  const service = key && toServiceKey(key);
  return encodeGeneric(number, kernel.IPVS_GENL_VERSION, serviceCommand, { service });
}

/** Queries for the servers of each service. */
function encodeServerQueries(keys: readonly ServiceKey[]): Uint8Array[] {
  const series = makeSeries();
  return keys.map((key) => series.encode(kernel.IPVS_CMD_GET_DEST, serviceCommand, { service: toServiceKey(key) }));
}

function decodeReply(message: Message): ReplyAttributes {
  return decodeGeneric(reply, message);
}

/** The conversion, with malformed replies as refusals. */
function converted<T>(
  operation: Operation,
  key: ServiceKey | undefined,
  convert: (replies: Message[]) => T,
): (replies: Message[]) => T {
  return (replies) => {
    try {
      return convert(replies);
    } catch (error) {
      return refuse(operation, key)(error);
    }
  };
}

function refuse(operation: Operation, key: ServiceKey | undefined): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof NetlinkError)) throw error;
    throw toIpvsError(operation, error, { key });
  };
}

function toIpvsError(operation: Operation, cause: NetlinkError, subject: IpvsErrorDetails): IpvsError {
  return new IpvsError(operation, cause.errno, { ...subject, kernelMessage: cause.kernelMessage, cause });
}

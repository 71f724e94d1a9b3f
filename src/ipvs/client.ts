import type { Connection } from "../netlink/connection.js";
import { NetlinkError } from "../netlink/errors.js";
import { resolveFamily } from "../netlink/generic.js";
import { errnoOf } from "../runtime/errno.js";
import type { Change } from "./change.js";
import { IPVS_GENL_NAME } from "./constants.js";
import { IpvsError } from "./errors.js";
import type { Daemon, DestinationEntry, Info, Service, ServiceEntry, ServiceKey, Timeouts } from "./model.js";

/**
 * The kernel's ip_vs. Calls may be made without waiting for earlier ones: they reach the kernel, and their promises
 * settle, in the order of the calls. A question that the kernel refuses rejects with an IpvsError.
 */
export interface IpvsClient {
  /** Known since the client was opened, so it settles at once: it does not change as long as the module is loaded. */
  info(): Promise<Info>;
  /** In the kernel's order. */
  services(): Promise<ServiceEntry[]>;
  /** The same without their statistics, which are most of the work. */
  serviceSettings(): Promise<Service[]>;
  service(key: ServiceKey): Promise<ServiceEntry>;
  /** In the kernel's order. */
  destinations(key: ServiceKey): Promise<DestinationEntry[]>;
  timeouts(): Promise<Timeouts>;
  daemons(): Promise<Daemon[]>;
  /**
   * Makes changes in their order, whatever becomes of those before. Resolves to the refusal of each, undefined where the kernel
   * has made it. Rejects with a RangeError, and makes none, where one has a value that cannot be sent.
   */
  change(changes: readonly Change[]): Promise<(IpvsError | undefined)[]>;
  close(): void;
}

/**
 * A client over the connection, which it closes with itself. Rejects with an IpvsError "initialize" where ip_vs cannot
 * be reached: ENOPROTOOPT when the kernel does not have it (yet), EPERM without privileges.
 */
export async function openClient(connection: Connection): Promise<IpvsClient> {
  try {
    const family = await resolveFamily(connection, IPVS_GENL_NAME);
    // Not needed before the kernel is known to have the family.
    const { NetlinkClient } = await import("./netlink-client.js");
    const client = new NetlinkClient(connection, family);
    await client.info();
    return client;
  } catch (error) {
    if (!(error instanceof NetlinkError || error instanceof IpvsError)) throw error;
    const errno = error.errno === errnoOf("ENOENT") ? errnoOf("ENOPROTOOPT") : error.errno;
    throw new IpvsError("initialize", errno, undefined, { cause: error });
  }
}

import type { Connection } from "../netlink/connection.js";
import { NetlinkError } from "../netlink/errors.js";
import { resolveFamily } from "../netlink/generic.js";
import { errnoOf } from "../runtime/errno.js";
import { IPVS_GENL_NAME } from "./constants.js";
import { IpvsError } from "./errors.js";
import type {
  Daemon,
  DaemonState,
  Destination,
  DestinationEntry,
  DestinationKey,
  Info,
  Service,
  ServiceEntry,
  ServiceKey,
  Timeouts,
} from "./model.js";

/**
 * The kernel's ip_vs. Calls may be made without waiting for earlier ones: they reach the kernel, and their promises
 * settle, in the order of the calls. A refusal by the kernel rejects with an IpvsError.
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
  addService(service: Service): Promise<void>;
  editService(service: Service): Promise<void>;
  deleteService(key: ServiceKey): Promise<void>;
  /** Zeroes the counters of one service and its servers, or without a key of all. */
  zero(key?: ServiceKey): Promise<void>;
  /** Deletes every service. */
  flush(): Promise<void>;
  addDestination(key: ServiceKey, destination: Destination): Promise<void>;
  editDestination(key: ServiceKey, destination: Destination): Promise<void>;
  deleteDestination(key: ServiceKey, destination: DestinationKey): Promise<void>;
  timeouts(): Promise<Timeouts>;
  setTimeouts(timeouts: Timeouts): Promise<void>;
  daemons(): Promise<Daemon[]>;
  startDaemon(daemon: Daemon): Promise<void>;
  stopDaemon(state: DaemonState, syncId: number): Promise<void>;
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

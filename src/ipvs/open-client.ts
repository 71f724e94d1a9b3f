import { NetlinkError } from "../netlink/codec/netlink-error.js";
import type { NetlinkConnection } from "../netlink/connection.js";
import { resolveFamily } from "../netlink/resolve-family.js";
import { errnoOf } from "../platform/errno.js";
import type { IpvsClient } from "./client.js";
import { IpvsError } from "./ipvs-error.js";
import { IPVS_GENL_NAME } from "./wire/constants.js";

/**
 * A client over the connection; closing it closes the connection. Rejects with an IpvsError "initialize" where ip_vs cannot
 * be reached: ENOPROTOOPT when the kernel does not have it (yet), EPERM without privileges. A patient client converts long
 * answers in parts and lets other tasks run in between.
 */
export async function openClient(
  connection: NetlinkConnection,
  options: { readonly patient?: boolean } = {},
): Promise<IpvsClient> {
  try {
    const family = await resolveFamily(connection, IPVS_GENL_NAME);
    // Not needed before the kernel is known to have the family.
    const { NetlinkClient } = await import("./netlink-client.js");
    const client = new NetlinkClient(connection, family, options);
    await client.info();
    return client;
  } catch (error) {
    if (!(error instanceof NetlinkError || error instanceof IpvsError)) throw error;
    const errno = error.errno === errnoOf("ENOENT") ? errnoOf("ENOPROTOOPT") : error.errno;
    throw new IpvsError("initialize", errno, { kernelMessage: error.kernelMessage, cause: error });
  }
}

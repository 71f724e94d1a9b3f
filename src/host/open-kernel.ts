import type { IpvsClient } from "../ipvs/client.js";
import { IpvsError } from "../ipvs/ipvs-error.js";
import { openClient } from "../ipvs/open-client.js";
import { NETLINK_GENERIC } from "../netlink/codec/generic.js";
import { NetlinkError } from "../netlink/codec/netlink-error.js";
import { connect } from "../netlink/connection.js";
import type { Platform } from "./platform.js";

/** See Host.openKernel. A platform that traces does so to the log. */
export async function openKernel(
  platform: Platform,
  { loadModule }: { readonly loadModule: boolean },
  log?: (line: string) => void,
): Promise<IpvsClient> {
  try {
    return await openConnected(platform, log);
  } catch (error) {
    if (!loadModule || !(error instanceof IpvsError)) throw error;
    await platform.calls.run("/sbin/modprobe", ["--", "ip_vs"]);
    return openConnected(platform, log);
  }
}

async function openConnected(platform: Platform, log?: (line: string) => void): Promise<IpvsClient> {
  try {
    const socket = await platform.openSocket(NETLINK_GENERIC);
    return await openClient(connect((log && platform.trace?.(socket, log)) ?? socket));
  } catch (error) {
    if (error instanceof NetlinkError) throw new IpvsError("initialize", error.errno);
    throw error;
  }
}

import type { IpvsClient } from "../ipvs/client.js";
import { IpvsError } from "../ipvs/ipvs-error.js";
import { openClient } from "../ipvs/open-client.js";
import { NETLINK_GENERIC } from "../netlink/codec/generic.js";
import { NetlinkError } from "../netlink/codec/netlink-error.js";
import { connect } from "../netlink/connection.js";
import type { Platform } from "./platform.js";

/** See Host.openKernel. */
export async function openKernel(
  platform: Platform,
  { loadModule }: { readonly loadModule: boolean },
): Promise<IpvsClient> {
  try {
    return await openConnected(platform);
  } catch (error) {
    if (!loadModule || !(error instanceof IpvsError)) throw error;
    await platform.calls.run("/sbin/modprobe", ["--", "ip_vs"]);
    return openConnected(platform);
  }
}

async function openConnected({ openSocket }: Platform): Promise<IpvsClient> {
  try {
    return await openClient(connect(await openSocket(NETLINK_GENERIC)));
  } catch (error) {
    if (error instanceof NetlinkError) throw new IpvsError("initialize", error.errno);
    throw error;
  }
}

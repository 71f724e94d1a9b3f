import type { IpvsClient } from "../ipvs/client.js";
import { IpvsError } from "../ipvs/ipvs-error.js";
import { openClient } from "../ipvs/open-client.js";
import { NETLINK_GENERIC } from "../netlink/codec/generic.js";
import { NetlinkError } from "../netlink/codec/netlink-error.js";
import { connect } from "../netlink/connection.js";
import type { KernelOptions } from "./host.js";
import type { Platform } from "./platform.js";

/** See Host.openKernel. A platform that traces does so to the log. */
export async function openKernel(
  platform: Platform,
  { loadModule, patient = false }: KernelOptions,
  log?: (line: string) => void,
): Promise<IpvsClient> {
  try {
    return await openConnected(platform, patient, log);
  } catch (error) {
    if (!loadModule || !(error instanceof IpvsError)) throw error;
    await platform.calls.run("/sbin/modprobe", ["--", "ip_vs"]);
    return openConnected(platform, patient, log);
  }
}

async function openConnected(platform: Platform, patient: boolean, log?: (line: string) => void): Promise<IpvsClient> {
  try {
    const opened = await platform.openSocket(NETLINK_GENERIC);
    const socket = (log && platform.trace?.(opened, log)) ?? opened;
    if (!patient) return await openClient(connect(socket));
    const { patientSocket } = await import("../netlink/socket/patient-socket.js");
    return await openClient(connect(patientSocket(socket)), { patient });
  } catch (error) {
    if (error instanceof NetlinkError) throw new IpvsError("initialize", error.errno);
    throw error;
  }
}

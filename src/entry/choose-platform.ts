import { nodePlatform } from "../host/node-platform.js";
import type { Platform } from "../host/platform.js";

/** Node's platform. IPVSADM_TRACE=netlink has a checkout print all netlink messages. */
export async function choosePlatform(): Promise<Platform> {
  if (process.env.IPVSADM_TRACE !== "netlink") return nodePlatform;
  return (await import("./node-trace.js")).traceInCheckout(nodePlatform);
}

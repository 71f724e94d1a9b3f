import { nodeSystemCalls } from "../platform/node-calls.js";
import type { Platform } from "./platform.js";

/** Node's own modules, and sockets of the npm package `netlink`. */
export const nodePlatform: Platform = {
  calls: nodeSystemCalls,
  // The addon takes milliseconds to load: not before it is needed.
  openSocket: async (protocol) => (await import("../netlink/socket/node-socket.js")).openSocket(protocol),
  loadHosts: async () => (await import("../names/node-hosts.js")).nodeHosts,
};

import { nodeSystemCalls } from "../platform/node-calls.js";
import type { Platform } from "./platform.js";

/** Node's own modules, and sockets of the npm package `netlink`. */
export const nodePlatform: Platform = {
  calls: nodeSystemCalls,
  // Loading the addon takes milliseconds, so it waits for the first socket.
  openSocket: async (protocol) => (await loadSockets()).openSocket(protocol),
  loadHosts: async () => (await import("../names/node-hosts.js")).nodeHosts,
  enterNetworkNamespace: async (path) =>
    (await import("../platform/namespace/node-namespace.js")).enterByNode(path, nodeSystemCalls),
  loadMemoryKeeper: async () => (await import("../platform/memory/node-keeper.js")).nodeMemoryKeeper,
  loadFlock: async () => (await import("../platform/state/node-flock.js")).tryNodeFlock,
};

/** Variables that can make node-gyp-build, which finds the addon, load another file. */
const addonVariables = [
  "NETLINK_PREBUILD",
  "LIBC",
  "ARM_VERSION",
  "PREBUILDS_ONLY",
  "npm_config_arch",
  "npm_config_platform",
];

/** Imports the sockets without the variables, so that the addon is always the package's own. */
async function loadSockets() {
  const hidden = addonVariables.map((name) => [name, process.env[name]] as const);
  for (const name of addonVariables) delete process.env[name];
  try {
    return await import("../netlink/socket/node-socket.js");
  } finally {
    for (const [name, value] of hidden) if (value !== undefined) process.env[name] = value;
  }
}

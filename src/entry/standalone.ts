/** The programs as one executable, which Bun makes. The name it is called by decides which program it is. */
import type { Platform } from "../host/platform.js";
import { openSocket } from "../netlink/socket/bun-socket.js";
import { bunSystemCalls } from "../platform/bun-calls.js";
import { hasLibc } from "../platform/libc.js";
import { commandName } from "../platform/process.js";
import { programCalled, runProgram } from "./program.js";

const platform: Platform = {
  calls: bunSystemCalls,
  openSocket,
  loadHosts: async () => (await import("../names/bun-hosts.js")).bunHosts,
  enterNetworkNamespace: async (path) => (await import("../platform/namespace/bun-namespace.js")).enterByBun(path),
  loadMemoryKeeper: async () => (await import("../platform/memory/bun-keeper.js")).bunMemoryKeeper,
  loadFlock: async () => (await import("../platform/state/bun-flock.js")).tryBunFlock,
};

/** Without libc's functions, help and the version work, and everything else says why it does not. */
async function limitedPlatform(): Promise<Platform> {
  const { nodeSystemCalls } = await import("../platform/node-calls.js");
  const openSocket = () => {
    throw new Error(
      "this process may have no memory that is both writable and executable, which the executable needs" +
        " (see ipvsadm(8), BUGS)",
    );
  };
  return { ...platform, calls: nodeSystemCalls, openSocket, enterNetworkNamespace: async () => openSocket() };
}

function start(platform: Platform): Promise<never> {
  const name = commandName(platform.calls);
  return runProgram(programCalled(name), name, platform, async (args, host) =>
    (await import("../commands/run.js")).runVerb(args, host),
  );
}

if (hasLibc) void start(platform);
else void limitedPlatform().then(start);

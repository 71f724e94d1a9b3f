/** The programs as one executable, which Bun makes and which knows by the name it is called what it is. */

import type { Platform } from "../host/platform.js";
import { openSocket } from "../netlink/socket/bun-socket.js";
import { bunSystemCalls } from "../platform/bun-calls.js";
import { commandName } from "../platform/process.js";
import { type Program, runProgram } from "./program.js";

const platform: Platform = {
  calls: bunSystemCalls,
  openSocket,
  loadHosts: async () => (await import("../names/bun-hosts.js")).bunHosts,
};

const name = commandName(platform.calls);
const file = name.slice(name.lastIndexOf("/") + 1);
const program: Program = file === "ipvsadm-save" || file === "ipvsadm-restore" ? file : "ipvsadm";

void runProgram(program, name, platform, async (args, host) =>
  (await import("../commands/run.js")).runVerb(args, host),
);

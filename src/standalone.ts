/** The programs as one executable, which Bun makes and which knows by the name it is called what it is. */
import { openSocket } from "./netlink/socket-bun.js";
import { commandName } from "./process.js";
import { type Program, runProgram } from "./program.js";
import { bunSystemCalls } from "./runtime/bun.js";
import { type Platform, systemWorld } from "./system.js";

const platform: Platform = { calls: bunSystemCalls, openSocket };

const name = commandName(platform.calls);
const file = name.slice(name.lastIndexOf("/") + 1);
const program: Program = file === "ipvsadm-save" || file === "ipvsadm-restore" ? file : "ipvsadm";

void runProgram(program, name, platform, async (words, streams) =>
  (await import("./commands/run.js")).runCommand(words, systemWorld(platform, streams)),
);

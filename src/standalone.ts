/** The programs as one executable, which Bun makes and which knows by the name it is called what it is. */
import { openSocket } from "./netlink/socket-bun.js";
import { commandName, OutputStreams } from "./process.js";
import { type Program, runProgram } from "./program.js";
import { bunSystemCalls } from "./runtime/bun.js";
import { type Platform, systemWorld } from "./system.js";

const programs: readonly Program[] = ["ipvsadm", "ipvsadm-save", "ipvsadm-restore"];

const platform: Platform = { calls: bunSystemCalls, openSocket: async (protocol) => openSocket(protocol) };

const name = commandName(platform.calls);
const program = programs.find((candidate) => candidate === name.slice(name.lastIndexOf("/") + 1)) ?? "ipvsadm";

void runProgram(program, name, platform, async (words) =>
  (await import("./commands/run.js")).runCommand(words, systemWorld(platform, new OutputStreams(platform.calls))),
);

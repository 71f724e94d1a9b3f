/** The programs as one executable, which Bun makes and which knows by the name it is called what it is. */
import { basename } from "node:path";
import { commandName } from "./process.js";
import { type Program, runProgram } from "./program.js";
import { type OpenSocket, systemWorld } from "./system.js";

const programs: readonly Program[] = ["ipvsadm", "ipvsadm-save", "ipvsadm-restore"];

const name = commandName();
const program = programs.find((candidate) => candidate === basename(name)) ?? "ipvsadm";

const openSocket: OpenSocket = async (protocol) => (await import("./netlink/socket-bun.js")).openSocket(protocol);

void runProgram(program, name, openSocket, async (words) =>
  (await import("./commands/run.js")).runCommand(words, systemWorld(openSocket)),
);

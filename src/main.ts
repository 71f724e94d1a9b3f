/** The programs on Node. */
import { type Program, runProgram } from "./program.js";
import { nodeSystemCalls } from "./runtime/node.js";
import type { Platform } from "./system.js";

const platform: Platform = {
  calls: nodeSystemCalls,
  // The addon takes milliseconds to load: not before it is needed.
  openSocket: async (protocol) => (await import("./netlink/socket-node.js")).openSocket(protocol),
};

/** Runs one of the programs and ends the process. Node cannot tell how it was called: its messages name the program. */
export function main(program: Program): Promise<never> {
  return runProgram(program, program, platform, async (words, streams) =>
    (await import("./words.js")).runWord(words, streams),
  );
}

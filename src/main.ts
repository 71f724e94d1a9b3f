/** The programs on Node. */
import { type Program, runProgram } from "./program.js";

/** Runs one of the programs and ends the process. Node cannot tell how it was called: its messages name the program. */
export function main(program: Program): Promise<never> {
  // The addon takes milliseconds to load: not before it is needed.
  return runProgram(
    program,
    program,
    async (protocol) => (await import("./netlink/socket-node.js")).openSocket(protocol),
    async (words) => (await import("./words.js")).runWord(words),
  );
}

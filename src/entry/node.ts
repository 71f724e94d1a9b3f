/** The programs on Node. */
import { choosePlatform } from "./choose-platform.js";
import { type Program, runProgram } from "./program.js";

/** Runs one of the programs and ends the process. Node does not know how it was called, so messages name the program. */
export async function main(program: Program): Promise<never> {
  // Verbs are not in the bundle, but modules with one copy of each class.
  return runProgram(program, program, await choosePlatform(), async (args) =>
    (await import("./node-verbs.js")).runOnNode(args),
  );
}

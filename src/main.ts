import { runClassic } from "./classic/run.js";
import { runRestore, runSave } from "./classic/scripts.js";
import { commandLineWords, exit, writeError } from "./process.js";
import { systemEffects } from "./system.js";

export type Program = "ipvsadm" | "ipvsadm-save" | "ipvsadm-restore";

/** Runs one of the programs with the arguments of this process, and ends the process with its exit status. */
export async function main(program: Program): Promise<never> {
  try {
    exit(await run(program, commandLineWords()));
  } catch (error) {
    writeError(`${program}: ${error instanceof Error ? error.message : String(error)}\n`);
    exit(1);
  }
}

function run(program: Program, words: readonly string[]): Promise<number> {
  const effects = systemEffects();
  switch (program) {
    case "ipvsadm":
      return runClassic(program, words, effects);
    case "ipvsadm-save":
      return runSave(words, effects);
    case "ipvsadm-restore":
      return runRestore(effects);
  }
}

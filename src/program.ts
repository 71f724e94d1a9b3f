import type { Effects } from "./classic/effects.js";
import { runClassic } from "./classic/run.js";
import { commandNames } from "./commands/names.js";
import { commandLineWords, exit, OutputStreams } from "./process.js";
import { type Platform, systemEffects } from "./system.js";

export type Program = "ipvsadm" | "ipvsadm-save" | "ipvsadm-restore";

/** Runs a command of oclif's kind, which no other call loads, and returns its exit status. */
export type RunWord = (words: readonly string[], streams: OutputStreams) => Promise<number>;

/**
 * Runs one of the programs with the arguments of this process, and ends the process with its exit status.
 * `name` is what messages of the original's grammar call it; the two scripts call ipvsadm by its name.
 */
export async function runProgram(program: Program, name: string, platform: Platform, runWord: RunWord): Promise<never> {
  const streams = new OutputStreams(platform.calls);
  try {
    const words = commandLineWords(platform.calls);
    const isWord = program === "ipvsadm" && words[0] !== undefined && commandNames.includes(words[0]);
    const status = await (isWord
      ? runWord(words, streams)
      : run(program, name, words, systemEffects(platform, streams)));
    streams.flush();
    exit(status);
  } catch (error) {
    streams.error(`${program}: ${error instanceof Error ? error.message : String(error)}\n`);
    exit(1);
  }
}

async function run(program: Program, name: string, words: readonly string[], effects: Effects): Promise<number> {
  switch (program) {
    case "ipvsadm":
      return runClassic(name, words, effects);
    case "ipvsadm-save":
      return (await import("./classic/scripts.js")).runSave(words, effects);
    case "ipvsadm-restore":
      return (await import("./classic/scripts.js")).runRestore(effects);
  }
}

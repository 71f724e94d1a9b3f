import { runClassic } from "../classic/run/classic.js";
import { isVerb } from "../commands/registry.js";
import type { Host } from "../host/host.js";
import type { Platform } from "../host/platform.js";
import { systemHost } from "../host/system-host.js";
import { commandLineArgs, exit } from "../platform/process.js";

export type Program = "ipvsadm" | "ipvsadm-save" | "ipvsadm-restore";

/** The program that an executable is when it is called by this path or name. */
export function programCalled(name: string): Program {
  const file = name.slice(name.lastIndexOf("/") + 1);
  return file === "ipvsadm-save" || file === "ipvsadm-restore" ? file : "ipvsadm";
}

/** Runs a verb and returns its exit status. Other calls do not load it. */
export type RunVerb = (args: readonly string[], host: Host) => Promise<number>;

/**
 * Runs one of the programs with the arguments of this process, and ends the process with its exit status.
 * `name` is its name in messages of the original's grammar; the two scripts always say `ipvsadm`.
 */
export async function runProgram(program: Program, name: string, platform: Platform, runVerb: RunVerb): Promise<never> {
  const host = systemHost(platform);
  try {
    const args = commandLineArgs(platform.calls);
    const status = await (program === "ipvsadm" && isVerb(args[0])
      ? runVerb(args, host)
      : run(program, name, args, host));
    host.stdout.end();
    exit(status);
  } catch (error) {
    host.stderr.write(`${program}: ${error instanceof Error ? error.message : String(error)}\n`);
    exit(1);
  }
}

async function run(program: Program, name: string, args: readonly string[], host: Host): Promise<number> {
  switch (program) {
    case "ipvsadm":
      return runClassic(name, args, host);
    case "ipvsadm-save":
      return (await import("../classic/run/scripts.js")).runSave(args, host);
    case "ipvsadm-restore":
      return (await import("../classic/run/scripts.js")).runRestore(args, host);
  }
}

/** Ours within one process: answers each command that its parent sends with its outcome (see WorkerRunner). */

import { runClassic } from "../../src/classic/run/classic.js";
import { runRestore, runSave } from "../../src/classic/run/scripts.js";
import type { Host } from "../../src/host/host.js";
import { runOnKernel } from "../support/real-host.js";
import type { Command, Outcome } from "./command.js";

function run({ program = "ipvsadm", args, stdin = "" }: Command): Promise<Outcome> {
  const bytes = args.map((arg) => Buffer.from(arg, "utf8").toString("latin1"));
  const programs = {
    ipvsadm: (host: Host) => runClassic(program, bytes, host),
    "ipvsadm-save": (host: Host) => runSave(bytes, host),
    "ipvsadm-restore": (host: Host) => runRestore(bytes, host),
  };
  // Chunks of an odd size, so that lines fall apart between them.
  return runOnKernel(programs[program], stdin.match(/[\s\S]{1,97}/g) ?? []);
}

process.on("message", (command: Command) => {
  run(command).then(
    (outcome) => process.send?.(outcome),
    (error: unknown) => process.send?.({ status: -1, stdout: "", stderr: `exception: ${(error as Error).stack}` }),
  );
});

/**
 * examiner.js FOLDER: runs ipvsadm over and over within one process, which takes a tenth of the time of a process for each.
 * Reads arguments, one per line, from the FIFO `args`, and writes what is printed, and the exit status on the last line, to
 * the FIFO `report`. The arguments `sysctl KEY=VALUE...` set what is set for its network namespace.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { runClassic } from "../../src/classic/run/classic.js";
import { isVerb } from "../../src/commands/registry.js";
import { runVerb } from "../../src/commands/run.js";
import { runOnKernel } from "./real-host.js";

const [, , folder = ""] = process.argv;

function setSettings(settings: readonly string[]): string {
  for (const setting of settings) {
    const [key = "", value = ""] = setting.split("=");
    writeFileSync(`/proc/sys/${key.replaceAll(".", "/")}`, value);
  }
  return "0";
}

for (;;) {
  const args = readFileSync(`${folder}/args`, "latin1").split("\n").filter(Boolean);
  if (args[0] === "sysctl") {
    writeFileSync(`${folder}/report`, setSettings(args.slice(1)));
    continue;
  }
  const { status, stdout, stderr } = await runOnKernel((host) =>
    isVerb(args[0]) ? runVerb(args, host) : runClassic("ipvsadm", args, host),
  );
  writeFileSync(`${folder}/report`, `${stdout}${stderr}${status}`, "latin1");
}

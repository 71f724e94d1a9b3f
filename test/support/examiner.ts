/**
 * examiner.js FOLDER: runs ipvsadm over and over within one process, which takes a tenth of the time of a process for each.
 * Reads arguments, one per line, from the FIFO `args`. Writes what is printed to the FIFO `report`, and as its last line the
 * exit status and the findings in it, each once, as in `1 error fwd4|hint pmtu`. The commands of the findings are left in the
 * file `commands`: a loop over lines is slow in bats. The arguments `sysctl KEY=VALUE...` set sysctls of its
 * network namespace.
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
  return "0 ";
}

function* matches(text: string, pattern: RegExp): Iterable<string> {
  for (const [, part = ""] of text.matchAll(pattern)) yield part;
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
  const text = `${stdout}${stderr}`;
  const commands = Array.from(matches(text, /^ {2}run: (.*)$/gm), (command) => `${command}\n`);
  if (args[0] === "doctor") writeFileSync(`${folder}/commands`, commands.join(""), "latin1");
  const found = new Set(matches(text, /^((?:error|warning|hint|unknown) [a-z0-9, -]+)/gm));
  writeFileSync(`${folder}/report`, `${text}${status} ${[...found].join("|")}`, "latin1");
}

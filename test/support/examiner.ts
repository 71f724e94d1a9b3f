/**
 * examiner.js FOLDER: runs `ipvsadm doctor` over and over within one process, which takes a tenth of the time of a process
 * for each. Reads arguments, one per line, from the FIFO `args`, and writes what is printed to the FIFO `report`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { runVerb } from "../../src/commands/run.js";
import { runOnKernel } from "./real-host.js";

const [, , folder = ""] = process.argv;

for (;;) {
  const args = readFileSync(`${folder}/args`, "utf8").split("\n").filter(Boolean);
  const { stdout, stderr } = await runOnKernel((host) => runVerb(["doctor", ...args], host));
  writeFileSync(`${folder}/report`, `${stdout}${stderr}`, "latin1");
}

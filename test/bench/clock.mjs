// The clock of the benchmark, for Bun, which has the exact processor time of a process that has ended. Node does not.

import { dlopen } from "bun:ffi";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { spawnSync } from "bun";

/** A temporary folder, which the user of this module removes. */
export const work = mkdtempSync(`${tmpdir()}/bench.`);
const output = `${work}/output`;
const report = `${work}/memory`;

const CLONE_NEWNET = 0x40000000;
const { symbols: libc } = dlopen("libc.so.6", {
  unshare: { args: ["int"], returns: "int" },
  setns: { args: ["int", "int"], returns: "int" },
});

function enter(network) {
  if (libc.setns(network, CLONE_NEWNET) !== 0) throw new Error("a network namespace cannot be entered");
}

const openNetwork = () => openSync("/proc/thread-self/ns/net", "r");

/** The network namespaces of this process and of what is measured. */
const own = openNetwork();
let network = own;

/**
 * Runs a command to its end; seconds of wall and processor time, with those of its children, and its status. This process is in
 * the other namespace only meanwhile: a thread that Bun starts in there would keep it, and its table, for ever.
 */
function time(command, stdio) {
  if (network !== own) enter(network);
  const start = process.hrtime.bigint();
  const { resourceUsage, exitCode } = spawnSync(command, { stdio });
  const wall = Number(process.hrtime.bigint() - start) / 1e9;
  if (network !== own) enter(own);
  return { wall, cpu: Number(resourceUsage.cpuTime.total) / 1e6, status: exitCode };
}

/** A process whose output nobody reads. */
export const start = (command) => time(command, ["ignore", "ignore", "ignore"]);

function withFiles(command, input) {
  const files = [openSync(input, "r"), openSync(output, "w")];
  try {
    return time(command, [files[0], files[1], files[1]]);
  } finally {
    for (const file of files) closeSync(file);
  }
}

/** A process whose input is a file, and whose output goes to one; also a digest of the output. */
export const measure = (command, input = "/dev/null") => ({
  ...withFiles(command, input),
  digest: Bun.hash(readFileSync(output)).toString(16),
});

/**
 * Like `measure`; also peak memory, in KiB. time(1) runs in between: a process inherits the peak of the one that starts it, and
 * Bun's is larger than that of the programs. time(1) takes processor time itself, so time and memory are of different runs.
 */
export function measureMemory(command, input) {
  const sample = measure(["/usr/bin/time", "-q", "-f", "%M", "-o", report, ...command], input);
  return { ...sample, memory: Number(readFileSync(report, "latin1").trim().split("\n").pop()) };
}

/**
 * From now on what is measured has a network of its own with an empty table: a kernel remembers deleted servers for minutes, and
 * looks through them all for each new one. `lo` has to be up there, else the kernel refuses servers with EINVAL.
 */
export function freshNetwork() {
  if (network !== own) closeSync(network);
  if (libc.unshare(CLONE_NEWNET) !== 0) throw new Error("no new network namespace (are you root?)");
  network = openNetwork();
  enter(own);
  start(["ip", "link", "set", "lo", "up"]);
  settle();
}

/**
 * Waits until nothing else runs here, and no service of a namespace that was left is there: the kernel takes it to pieces in the
 * background. While it does, `/proc/net/ip_vs` of every other namespace can lack rows, as the services of all are in one hash table.
 */
function settle() {
  for (let quiet = 0; quiet < 5; Bun.sleepSync(100)) {
    const [running] = readFileSync("/proc/loadavg", "latin1").split(" ")[3].split("/");
    quiet = Number(running) <= 1 && schedulerUsers() === 0 ? quiet + 1 : 0;
  }
}

/** Services of all namespaces that use the scheduler of the benchmark's rules. */
function schedulerUsers() {
  const path = "/sys/module/ip_vs_wlc/refcnt";
  return existsSync(path) ? Number(readFileSync(path, "latin1")) : 0;
}

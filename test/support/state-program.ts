/** What a verb asks of its host, as a process that tests run on each runtime: `state-program.js FOLDER TASK [ARGUMENT...]`. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeSync } from "node:fs";
import { nodePlatform } from "../../src/host/node-platform.js";
import type { Platform } from "../../src/host/platform.js";
import { systemHost } from "../../src/host/system-host.js";

/** The executable's platform, as far as it is needed here. */
async function bunPlatform(): Promise<Platform> {
  const { bunSystemCalls } = await import("../../src/platform/bun-calls.js");
  return {
    ...nodePlatform,
    calls: bunSystemCalls,
    enterNetworkNamespace: () => Promise.reject(new Error("not needed")),
    loadFlock: async () => (await import("../../src/platform/state/bun-flock.js")).tryBunFlock,
  };
}

const [folder = "", task = "", ...args] = process.argv.slice(2);
const platform = process.versions.bun === undefined ? nodePlatform : await bunPlatform();
const host = systemHost(platform, { run: `${folder}/run`, lib: `${folder}/lib` });
const say = (line: string) => writeSync(1, `${line}\n`);

const tasks: Readonly<Record<string, () => Promise<void>>> = {
  /** Takes the lock, and keeps it until standard input ends. */
  async lock() {
    const signal = await host.interrupt();
    say("waits");
    const release = await host.lock({ command: "ipvsadm test", wait: Number(args[0] ?? 0), signal });
    say("locked");
    await once(process.stdin.resume(), "end");
    release();
  },
  /** Takes the lock, starts a program that outlives this one, and waits to be killed. */
  async "lock-and-start"() {
    await host.lock({ command: "ipvsadm test" });
    const child = spawn("/bin/sleep", ["60"], { detached: true, stdio: "ignore" });
    say(`started ${child.pid}`);
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  },
  /** Writes a file of so many pieces of 100 kB, and stops for ever before the last one if it is told to. */
  async write() {
    const [name = "", pieces = "0", stops] = args;
    function* chunks() {
      for (let piece = 0; piece < Number(pieces); piece++) yield "x".repeat(100_000);
      if (stops === undefined) return;
      say("stopped");
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    }
    await host.files.folder(`${folder}/lib/undo`).write(name, chunks());
    say("written");
  },
  async read() {
    let length = 0;
    for await (const piece of host.files.read(args[0] ?? "")) length += piece.length;
    say(`${length} bytes`);
  },
  async list() {
    say((await host.files.folder(`${folder}/lib/undo`).list()).join(" "));
  },
  /** Says which signal interrupts it, and then waits for a second one. */
  async interrupt() {
    const signal = await host.interrupt();
    say("ready");
    setInterval(() => {}, 1000);
    if (!signal.aborted) await once(signal, "abort");
    say(`${signal.reason.message}, status ${signal.reason.status}`);
    await new Promise(() => {});
  },
  async confirm() {
    say(`${await host.terminal.confirm("go on?", await host.interrupt())}`);
  },
  async progress() {
    const progress = await host.terminal.progress();
    progress.show("1 of 2");
    progress.clear();
    say(`terminal: ${await host.terminal.isError()}`);
  },
};

try {
  await tasks[task]?.();
  process.exit(0);
} catch (error) {
  writeSync(2, `${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}

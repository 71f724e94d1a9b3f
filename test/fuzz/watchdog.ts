import { Worker } from "node:worker_threads";

/** Milliseconds after which a case hangs. Cases take a few; this is for a machine that does a lot besides. */
const longestCase = 60_000;

/** Positions in the shared memory: how many cases have begun, the seed of the last, and whether the search is over. */
const begun = 0;
const seedOf = 1;
const over = 2;

/** The code of the thread, which shares nothing with the one that hangs but the memory. */
const guard = `
const { workerData: { memory, longest, name } } = require("node:worker_threads");
for (let count = 0; Atomics.wait(memory, ${over}, 0, longest) === "timed-out"; ) {
  const before = count;
  count = Atomics.load(memory, ${begun});
  if (count !== before) continue;
  require("node:fs").writeSync(2, name + ": seed " + (Atomics.load(memory, ${seedOf}) >>> 0) + " hangs\\n");
  process.kill(process.pid, "SIGKILL");
}`;

export interface Watchdog {
  begin(seed: number): void;
  end(): void;
}

/** Ends the process, with a line that names the seed, where a case takes for ever: a loop lets no timer of its own thread fire. */
export function watchFor(name: string): Watchdog {
  const memory = new Int32Array(new SharedArrayBuffer(12));
  new Worker(guard, { eval: true, workerData: { memory, longest: longestCase, name } }).unref();
  return {
    begin(seed) {
      Atomics.store(memory, seedOf, seed | 0);
      Atomics.add(memory, begun, 1);
    },
    end() {
      Atomics.store(memory, over, 1);
      Atomics.notify(memory, over);
    },
  };
}

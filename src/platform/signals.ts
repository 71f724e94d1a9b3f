/** Signals that end a program, for work that must not end just anywhere. */
import { readFile } from "./read-file.js";
import type { FileCalls } from "./system-calls.js";

/** Their numbers, the same on every processor. */
const interrupting = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

type InterruptingSignal = keyof typeof interrupting;

/**
 * Milliseconds in which further signals count as echoes of the first: timeout(1) signals a process and then its group, and
 * a parent may pass on a signal that the terminal sent to both.
 */
const echoTime = 200;

/** Work was ended by a signal. */
export class Interrupted extends Error {
  /** What a shell reports of a program that a signal ended. */
  readonly status: number;

  constructor(readonly signal: InterruptingSignal) {
    super(`interrupted by ${signal}`);
    this.name = "Interrupted";
    this.status = 128 + interrupting[signal];
  }
}

/**
 * From now on the first SIGHUP, SIGINT or SIGTERM aborts the signal that is returned, with an Interrupted as its reason. The
 * next one, 0.2 seconds later or more, ends the process, as the first would have done. A signal that the process was started
 * to ignore, as by nohup, stays ignored.
 */
export function catchInterrupts(calls: FileCalls): AbortSignal {
  const controller = new AbortController();
  const ignored = ignoredSignals(calls);
  const caught = Object.entries(interrupting).filter(([, number]) => !((ignored >> BigInt(number - 1)) & 1n));
  const listeners = caught.map(([name]) => {
    const signal = name as InterruptingSignal;
    const listener = () => {
      if (controller.signal.aborted) return;
      controller.abort(new Interrupted(signal));
      setTimeout(() => {
        for (const remove of listeners) remove();
      }, echoTime).unref();
    };
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  return controller.signal;
}

/** The mask of the signals that are ignored: bit n - 1 for signal n. */
function ignoredSignals(calls: FileCalls): bigint {
  const [, mask] = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFile(calls, "/proc/self/status")) ?? [];
  return mask === undefined ? 0n : BigInt(`0x${mask}`);
}

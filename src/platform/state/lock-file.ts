/** The lock that keeps two commands from changing one table at the same time. */
import { closeSync, constants, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import type { Clock } from "../clock.js";
import { toFilePath } from "./byte-path.js";
import { asFileError, FileError } from "./file-error.js";
import { LockError, type LockHolder } from "./lock-error.js";
import { OwnFolder } from "./own-folder.js";

/**
 * Takes the exclusive lock of flock(2) on an open file without waiting; false where another open file has it. The kernel
 * releases it with the last descriptor of the open file, however the process ends.
 */
export type TryFlock = (descriptor: number) => boolean | Promise<boolean>;

/** Gives a lock back. A second call does nothing. */
export type Release = () => void;

export interface LockOptions {
  /** What messages of others say of the holder: `ipvsadm apply`. */
  readonly command: string;
  /** Seconds to wait for another holder (default 0). */
  readonly wait?: number | undefined;
  /** Ends the wait; its reason rejects. */
  readonly signal?: AbortSignal | undefined;
}

const { O_CREAT, O_NOFOLLOW, O_RDWR } = constants;

/** Milliseconds between two attempts. */
const pause = 100;

/**
 * Takes the lock that is the file `lock` in a folder of the program's own. Waiting does not block the process. Rejects with
 * a LockError, a FileError or the signal's reason.
 */
export async function lockFolder(
  {
    path,
    bases,
    clock,
    tryFlock,
  }: {
    readonly path: string;
    /** See OwnFolder. */
    readonly bases: readonly string[];
    readonly clock: Clock;
    readonly tryFlock: TryFlock;
  },
  { command, wait = 0, signal }: LockOptions,
): Promise<Release> {
  signal?.throwIfAborted();
  await new OwnFolder(path, bases).make();
  const file = `${path}/lock`;
  const descriptor = openLock(file);
  try {
    const end = clock.monotonic() + wait * 1000;
    while (!(await tryFlock(descriptor))) {
      const left = end - clock.monotonic();
      // An untyped caller may pass NaN, which counts as no time left.
      if (!(left > 0)) throw new LockError(readHolder(file, clock.now()), wait);
      await clock.sleep(Math.min(pause, left), signal);
      signal?.throwIfAborted();
    }
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  writeHolder(descriptor, `${process.pid} ${Math.floor(clock.now())} ${command}\n`);
  let isHeld = true;
  return () => {
    if (!isHeld) return;
    isHeld = false;
    writeHolder(descriptor, "");
    closeSync(descriptor);
  };
}

/** The descriptor is closed in programs that this one starts: they would hold the lock. */
function openLock(file: string): number {
  try {
    return openSync(toFilePath(file), O_RDWR | O_CREAT | O_NOFOLLOW, 0o600);
  } catch (cause) {
    const error = asFileError(file, cause);
    throw error.code === "ELOOP" ? new FileError(file, "symbolic link in place of a file", "remove it") : error;
  }
}

/** On a full disk the holder is missing in messages, and the lock holds all the same. */
function writeHolder(descriptor: number, text: string): void {
  try {
    ftruncateSync(descriptor);
    if (text !== "") writeSync(descriptor, text, 0, "utf8");
  } catch {}
}

function readHolder(file: string, now: number): LockHolder | undefined {
  let text: string;
  try {
    text = readFileSync(toFilePath(file), "utf8");
  } catch {
    return undefined;
  }
  const [, process, since, command] = /^(\d+) (\d+) (.+)\n$/.exec(text) ?? [];
  if (command === undefined) return undefined;
  // The clock may have been set back meanwhile.
  return { command, process: Number(process), held: Math.max(0, Math.round((now - Number(since)) / 1000)) };
}

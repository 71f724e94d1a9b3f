import { spawn } from "node:child_process";
import { once } from "node:events";
import { FileError } from "./file-error.js";

const flockProgram = "/usr/bin/flock";

/** The exit status of the program where another open file has the lock. */
const CONFLICT = 1;

/**
 * See TryFlock. Node has no flock(2). The program locks the open file that it inherits, which is this process's own: the lock
 * stays when the program has ended. Rejects with a FileError where there is no program.
 */
export async function tryNodeFlock(descriptor: number): Promise<boolean> {
  const child = spawn(flockProgram, ["-n", "3"], { stdio: ["ignore", "ignore", "ignore", descriptor], env: {} });
  const [status, signal] = await once(child, "close").catch(() => {
    throw new FileError(flockProgram, "cannot be run", "install util-linux; on Node the lock needs it");
  });
  if (status === 0) return true;
  if (status === CONFLICT) return false;
  throw new FileError(flockProgram, `the lock could not be taken (${signal ?? `exit status ${status}`})`);
}

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
export async function tryNodeFlock(descriptor: number, program = flockProgram): Promise<boolean> {
  const child = spawn(program, ["-n", "3"], { stdio: ["ignore", "ignore", "ignore", descriptor], env: {} });
  const [status, signal] = await once(child, "close").catch(() => {
    throw new FileError(program, "cannot be run", "install util-linux; on Node the lock needs it");
  });
  if (status === 0) return true;
  if (status === CONFLICT) return false;
  throw new FileError(program, `cannot take the lock (${signal ?? `exit status ${status}`})`);
}

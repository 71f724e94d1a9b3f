import { stat } from "node:fs/promises";
import { systemClock } from "../clock.js";
import { readLink } from "./system-folder.js";

const link = "/proc/self/ns/net";

/** Milliseconds in which the time that the kernel gives to files moves on. */
const fileTimeStep = 20;

/** The number that the kernel gave the network namespace of this process, as text. Rejects with a FileError. */
export async function readNetworkNamespace(): Promise<string> {
  const target = await readLink(link);
  // `net:[4026531840]`
  return target.replaceAll(/\D/g, "");
}

/**
 * Since when, in milliseconds, a mount or an open file keeps the file of this process's network namespace, as `ip netns add`
 * does. Undefined where nothing does, and for the namespace of process 1, which keeps its number from boot to boot.
 */
export async function readNamespaceSince(): Promise<number | undefined> {
  const own = await statIfPossible(link);
  const first = await statIfPossible("/proc/1/ns/net");
  if (own === undefined || first === undefined || own.ino === first.ino) return undefined;
  // A file that nothing keeps is made whenever it is looked at.
  await systemClock.sleep(fileTimeStep);
  const again = await statIfPossible(link);
  return again?.ctimeMs === own.ctimeMs ? own.ctimeMs : undefined;
}

/** Undefined without the privilege to look at another process. */
function statIfPossible(path: string) {
  return stat(path).catch(() => undefined);
}

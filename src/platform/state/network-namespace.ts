import { readlink } from "node:fs/promises";
import { refusals } from "./own-folder.js";

const link = "/proc/self/ns/net";

/** The number that the kernel gave the network namespace of this process, as text. Rejects with a FileError. */
export async function readNetworkNamespace(): Promise<string> {
  const target = await refusals(link, readlink(link));
  // `net:[4026531840]`
  return target.replaceAll(/\D/g, "");
}

import { readLink } from "./system-folder.js";

const link = "/proc/self/ns/net";

/** The number that the kernel gave the network namespace of this process, as text. Rejects with a FileError. */
export async function readNetworkNamespace(): Promise<string> {
  const target = await readLink(link);
  // `net:[4026531840]`
  return target.replaceAll(/\D/g, "");
}

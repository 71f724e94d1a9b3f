import { programOutput } from "../platform/program-output.js";

/**
 * The name that gethostbyaddr(3) gives an address, from getent(1) in a process of its own. Threads would not do: Node cannot
 * end while its threads wait for name servers, and Bun's threads do not ask libc.
 */
export async function hostNameInBackground(address: string): Promise<string | undefined> {
  const line = await programOutput("/usr/bin/getent", ["hosts", address]);
  return line?.split(/\s+/)[1];
}

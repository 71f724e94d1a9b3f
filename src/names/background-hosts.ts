import { programOutput } from "../platform/program-output.js";

/**
 * The name that gethostbyaddr(3) gives an address, asked by getent(1) in a process of its own. Threads do not serve: Node
 * cannot end before the name servers that its threads wait for have answered, and Bun's do not ask libc.
 */
export async function hostNameInBackground(address: string): Promise<string | undefined> {
  const line = await programOutput("/usr/bin/getent", ["hosts", address]);
  return line?.split(/\s+/)[1];
}

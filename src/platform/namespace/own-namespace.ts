import { stat } from "node:fs/promises";

/** Whether the process is in the network namespace of a file already. False where that cannot be found out. */
export async function isOwnNamespace(path: string): Promise<boolean> {
  const [own, other] = await Promise.all(
    ["/proc/self/ns/net", Buffer.from(path, "latin1")].map((one) => stat(one, { bigint: true }).catch(() => undefined)),
  );
  return own !== undefined && other !== undefined && own.dev === other.dev && own.ino === other.ino;
}

import type { Host } from "../host/host.js";
import { FileError } from "../platform/state/file-error.js";

/** Settings of the kernel that decide what becomes of the connections of a server; absent where they cannot be read. */
export interface KernelSettings {
  readonly expireQuiescentTemplate?: number | undefined;
  readonly expireNodestConn?: number | undefined;
  readonly connReuseMode?: number | undefined;
}

const sysctlFolder = "/proc/sys/net/ipv4/vs";

/** Reads the settings. They are never written. */
export async function readKernelSettings(host: Host): Promise<KernelSettings> {
  const [expireQuiescentTemplate, expireNodestConn, connReuseMode] = await Promise.all(
    ["expire_quiescent_template", "expire_nodest_conn", "conn_reuse_mode"].map((name) => readSysctl(host, name)),
  );
  return { expireQuiescentTemplate, expireNodestConn, connReuseMode };
}

async function readSysctl(host: Host, name: string): Promise<number | undefined> {
  let text = "";
  try {
    for await (const chunk of host.files.read(`${sysctlFolder}/${name}`)) text += Buffer.from(chunk).toString("latin1");
  } catch (error) {
    // A user namespace hides them.
    if (error instanceof FileError) return undefined;
    throw error;
  }
  return /^\d+\n?$/.test(text) ? Number(text) : undefined;
}

import { nodePlatform } from "../host/node-platform.js";
import { openKernel } from "../host/open-kernel.js";
import { systemHost } from "../host/system-host.js";
import { IpvsError } from "../ipvs/ipvs-error.js";
import { readTable } from "../ipvs/read-table.js";
import type { KnownEntry, Measured } from "../model/known-table.js";
import { sortTable } from "../model/order.js";
import type { Info } from "../model/table.js";
import { readKnownTotals } from "../proc/proc-stats.js";
import { readProcSnapshot } from "../watch/proc-snapshot.js";
import { encodePath } from "./byte-paths.js";

/** The table, as far as it is known. */
export interface KnownTable {
  readonly info: Info;
  /** Where it comes from: `proc` has no thresholds, tunnels, scheduler flags and statistics of single services. */
  readonly source: "netlink" | "proc";
  /** Sorted as listings are. */
  readonly services: readonly KnownEntry[];
  /** Of all services together, those that are gone too; absent where the kernel does not show them. */
  readonly totals?: Required<Measured> | undefined;
}

/** Options of `readKnownTable`. */
export interface KnownTableOptions {
  /** Whether to read /proc where the kernel refuses with EPERM. What /proc lacks is then absent. Default: false. */
  readonly unprivileged?: boolean | undefined;
  /**
   * The absolute path of a folder that is read in place of /proc; the kernel is not asked then. `/host/proc/1` is the table of
   * the host in a container that has the host's /proc there. Default: none.
   */
  readonly proc?: string | undefined;
}

/**
 * Reads the table over netlink or, as `unprivileged` allows, from /proc, which is for every user. Rejects with an IpvsError
 * where the kernel refuses, and with a ProcError where a file of /proc cannot be used.
 *
 * @example
 * ```js
 * const { source, services } = await readKnownTable({ unprivileged: true });
 * for (const { service, destinations } of services) console.log(source, service, destinations.length);
 * ```
 */
export async function readKnownTable(options: KnownTableOptions = {}): Promise<KnownTable> {
  const { unprivileged = false, proc: folder } = options;
  const own = systemHost(nodePlatform).proc;
  const proc = folder === undefined ? own : own.at(encodePath(folder));
  const totals = readKnownTotals(proc);
  if (folder !== undefined) return { ...(await readProcSnapshot(proc, true)), source: "proc", totals };
  const client = await openKernel(nodePlatform, { loadModule: false }).catch((error: unknown) => {
    if (!(unprivileged && error instanceof IpvsError && error.code === "EPERM")) throw error;
  });
  if (client === undefined) return { ...(await readProcSnapshot(proc, true)), source: "proc", totals };
  try {
    const [info, table] = await Promise.all([client.info(), readTable(client)]);
    return { info, source: "netlink", services: sortTable(table), totals };
  } finally {
    client.close();
  }
}

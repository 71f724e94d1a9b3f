import type { IpvsClient } from "../ipvs/client.js";
import { ProcFile } from "./proc-file.js";
import type { WatchSources } from "./reader.js";

/** The sources of the running system. */
export function systemSources(openClient: () => Promise<IpvsClient>, folder?: string): WatchSources {
  const table = new ProcFile("ip_vs", folder);
  const totals = new ProcFile("ip_vs_stats", folder);
  return { readTable: () => table.read(), readTotals: () => totals.read(), openClient, now: Date.now };
}

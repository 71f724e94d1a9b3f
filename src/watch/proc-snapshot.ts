import { serviceIdentity } from "../model/identity.js";
import type { KnownEntry } from "../model/known-table.js";
import { families, type Info } from "../model/table.js";
import { explainReadError } from "../proc/explain-read-error.js";
import { ProcFormatError } from "../proc/proc-error.js";
import type { ProcFiles } from "../proc/proc-files.js";
import { parseTable } from "../proc/proc-table.js";
import { parseTableTitle } from "../proc/table-title.js";
import { takeSnapshot } from "./events/snapshot.js";
import { familiesOfMarks } from "./reading/mark-families.js";
import { rowServiceKey, toWatchedService } from "./reading/proc-rows.js";
import type { WatchedService } from "./reading/watched-table.js";

/** The part of the table that every user may read. */
export interface ProcSnapshot {
  readonly info: Info;
  readonly services: readonly KnownEntry[];
}

/**
 * Reads /proc/net/ip_vs once. What the file lacks is absent. Where nothing shows the family of a firewall mark, IPv4 is
 * assumed first. Rejects with a ProcError where it cannot be read, or is not as the kernel writes it.
 */
export async function readProcSnapshot(proc: ProcFiles, sorted: boolean): Promise<ProcSnapshot> {
  try {
    return await parseSnapshot(proc.readWhole("ip_vs"), sorted);
  } catch (error) {
    throw explainReadError(error, proc);
  }
}

async function parseSnapshot(text: string, sorted: boolean): Promise<ProcSnapshot> {
  const info = parseTableTitle(text);
  if (info === undefined) throw new ProcFormatError("ip_vs", text.slice(0, text.indexOf("\n") + 1).trimEnd());
  const rows = parseTable(text);
  const ofMarks = await familiesOfMarks(rows, async () => families);
  const table = new Map<string, WatchedService>();
  for (const [index, row] of rows.entries()) {
    const key = rowServiceKey(row, ofMarks[index] ?? "inet");
    table.set(serviceIdentity(key), toWatchedService(key, row, undefined));
  }
  return { info, services: [...takeSnapshot({ table, measurements: new Map() }, sorted)] };
}

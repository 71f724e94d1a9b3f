import type { Family } from "../../model/table.js";
import type { ServiceRow } from "../../proc/proc-table.js";
import { evidentFamily } from "./proc-rows.js";

/**
 * The family of each row of a firewall mark, which /proc does not write; nothing for other rows. Where servers and mask
 * do not let know it, `candidates` is asked for the families in which a mark may have a service, the likeliest first.
 */
export async function familiesOfMarks(
  rows: readonly ServiceRow[],
  candidates: (fwmark: number) => Promise<readonly Family[]>,
): Promise<(Family | undefined)[]> {
  const families: (Family | undefined)[] = [];
  const taken = new Set<string>();
  const silent: { readonly index: number; readonly fwmark: number }[] = [];
  for (const [index, row] of rows.entries()) {
    if (!("fwmark" in row)) continue;
    families[index] = evidentFamily(row);
    if (families[index] === undefined) silent.push({ index, fwmark: row.fwmark });
    else taken.add(`${families[index]} ${row.fwmark}`);
  }
  for (const { index, fwmark } of silent) {
    const possible = await candidates(fwmark);
    // A row that is left over stands there twice: the table changed while it was read.
    const family = possible.find((one) => !taken.has(`${one} ${fwmark}`)) ?? possible[0];
    families[index] = family;
    taken.add(`${family} ${fwmark}`);
  }
  return families;
}

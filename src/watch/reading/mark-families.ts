import type { Family } from "../../model/table.js";
import type { ServiceRow } from "../../proc/proc-table.js";
import { evidentFamily } from "./proc-rows.js";

/**
 * The family of each row of a firewall mark, which is not in /proc; nothing for other rows. Where neither servers nor mask
 * show it, `candidates` has the families in which a mark may have a service, the likeliest first.
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
    // Where no family is left, the row is there twice: the table changed while it was read.
    const family = possible.find((one) => !taken.has(`${one} ${fwmark}`)) ?? possible[0];
    families[index] = family;
    taken.add(`${family} ${fwmark}`);
  }
  return families;
}

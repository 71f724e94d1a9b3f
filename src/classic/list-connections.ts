import { connectionAddresses, renderConnection, renderConnectionTitles } from "../output/connections.js";
import type { ListFormat } from "../output/format.js";
import { namesOf, numericNames } from "../output/names.js";
import { NumericConnections } from "../output/numeric-connections.js";
import { parseConnection, parseConnections, splitRows } from "../proc/connections.js";
import type { Effects } from "./effects.js";
import { print } from "./print.js";

/** `-L -c`. The rows are printed as they are read: there may be millions. The titles wait for the file's first line. */
export async function listConnections(format: ListFormat, effects: Effects): Promise<void> {
  const withEngine = format.persistentConnections;
  let titles: readonly string[] = renderConnectionTitles(withEngine);
  if (format.numeric && !withEngine) {
    const numeric = new NumericConnections();
    const renderRow = (row: string) => renderConnection(parseConnection(row), withEngine, numericNames);
    for (const rows of splitRows(effects.readConnections())) {
      print(titles, effects);
      titles = [];
      effects.output(numeric.render(rows, renderRow));
    }
    return;
  }
  for (const rows of parseConnections(effects.readConnections())) {
    const names = await namesOf(connectionAddresses(rows), format.numeric, effects.resolver);
    print(titles, effects);
    titles = [];
    for (const row of rows) effects.output(`${renderConnection(row, withEngine, names)}\n`);
  }
}

import { connectionAddresses, renderConnection, renderConnectionTitles } from "../../format/text/connection-lines.js";
import { NumericConnections } from "../../format/text/fast/numeric-connections.js";
import type { ListFormat } from "../../format/text/list-format.js";
import { namesOf, numericNames } from "../../format/text/shown-names.js";
import type { Host } from "../../host/host.js";
import { parseConnection, parseConnections, splitRows } from "../../proc/proc-connections.js";
import { print } from "./print.js";

/** `-L -c`: prints rows as they are read, since there may be millions. The titles wait for the first line of the file. */
export async function listConnections(format: ListFormat, host: Host): Promise<void> {
  const withEngine = format.persistentConnections;
  let titles: readonly string[] = renderConnectionTitles(withEngine);
  if (format.numeric && !withEngine) {
    const numeric = new NumericConnections();
    const renderRow = (row: string) => renderConnection(parseConnection(row), withEngine, numericNames);
    for (const rows of splitRows(host.proc.readChunks("ip_vs_conn"))) {
      const lines = numeric.render(rows, renderRow);
      print(titles, host);
      titles = [];
      host.stdout.write(lines);
    }
    return;
  }
  for (const rows of parseConnections(host.proc.readChunks("ip_vs_conn"))) {
    const names = await namesOf(connectionAddresses(rows), format.numeric, host.resolver);
    print(titles, host);
    titles = [];
    for (const row of rows) host.stdout.write(`${renderConnection(row, withEngine, names)}\n`);
  }
}

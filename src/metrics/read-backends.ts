import type { Backend } from "../format/prometheus/node-exporter.js";
import { letOthersRun } from "../platform/clock.js";
import type { ProcFiles } from "../proc/proc-files.js";
import { parseTable, type ServiceRow } from "../proc/proc-table.js";

/** Lines of titles before the first service. */
const titleLineCount = 3;

/** The real servers of /proc/net/ip_vs, part by part; others get their turn between two. Throws a ProcError. */
export async function* readBackends(proc: ProcFiles): AsyncGenerator<readonly Backend[]> {
  let titles: string | undefined;
  let rest = "";
  for (const chunk of proc.readChunks("ip_vs")) {
    const known = rest.length;
    rest += Buffer.from(chunk).toString("latin1");
    if (titles === undefined) {
      const end = endOfTitles(rest);
      if (end === undefined) continue;
      titles = rest.slice(0, end);
      rest = rest.slice(end);
    }
    // The last service may go on in the next chunk.
    const last = lastService(rest, known);
    if (last > 0) {
      yield toBackends(parseTable(titles + rest.slice(0, last)));
      rest = rest.slice(last);
    }
    await letOthersRun();
  }
  yield toBackends(parseTable((titles ?? "") + rest));
}

function endOfTitles(text: string): number | undefined {
  let end = 0;
  for (let line = 0; line < titleLineCount; line++) {
    const next = text.indexOf("\n", end);
    if (next < 0) return undefined;
    end = next + 1;
  }
  return end;
}

/**
 * Where the last line begins that is a service's: the lines of servers are indented. 0 where there is none in what
 * follows the first `known` characters.
 */
function lastService(text: string, known: number): number {
  for (let end = text.lastIndexOf("\n"); end > 0 && end >= known - 1; end = text.lastIndexOf("\n", end - 1)) {
    const next = text[end + 1];
    if (next !== undefined && next !== " ") return end + 1;
  }
  return 0;
}

function toBackends(rows: readonly ServiceRow[]): Backend[] {
  return rows.flatMap((row) => {
    const service =
      "fwmark" in row
        ? { protocol: "FWM", fwmark: row.fwmark }
        : { protocol: row.protocol, local: { address: row.address, port: row.port } };
    return row.servers.map(({ address, port, weight, activeConnections, inactiveConnections }) => ({
      ...service,
      address,
      port,
      weight,
      activeConnections,
      inactiveConnections,
    }));
  });
}

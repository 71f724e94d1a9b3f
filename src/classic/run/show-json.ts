import { outputJsonStyle } from "../../cli/json-output.js";
import { type DocumentParts, renderDocumentParts } from "../../format/json/render-document.js";
import type { Host } from "../../host/host.js";
import type { IpvsClient } from "../../ipvs/client.js";
import { readEntry, readTable } from "../../ipvs/read-table.js";
import { sortDestinations, sortTable } from "../../model/order.js";
import type { Connection, TableEntry } from "../../model/table.js";
import { explainReadError } from "../../proc/explain-read-error.js";
import { parseConnections } from "../../proc/proc-connections.js";
import type { ProcFiles } from "../../proc/proc-files.js";
import { readKnownTotals } from "../../proc/proc-stats.js";
import { startSteps } from "../../proc/started-steps.js";
import type { View } from "../grammar/invocation.js";

/** What a document holds besides the time. */
export type Parts = Omit<DocumentParts, "takenAt">;

/**
 * Prints a listing or a save as one JSON document. Where the kernel refuses, rejects with an IpvsError and prints nothing.
 */
export async function showJson(view: View, client: IpvsClient, host: Host): Promise<void> {
  const [info, parts] = await Promise.all([client.info(), readDocumentParts(view, client, host)]);
  await printDocumentParts({ info, ...parts }, view.command === "list", host);
}

/** Prints a document; `measured`: with what the kernel measures. */
export async function printDocumentParts(parts: Parts, measured: boolean, host: Host): Promise<void> {
  const style = await outputJsonStyle(host);
  const document = { takenAt: new Date(host.clock.now()), ...parts };
  for (const text of renderDocumentParts(document, measured, style)) host.stdout.write(text);
}

async function readDocumentParts(view: View, client: IpvsClient, host: Host): Promise<Omit<Parts, "info">> {
  if (view.command === "save") return readWhole(client, sortTable);
  const { subject, format } = view;
  switch (subject.kind) {
    case "table": {
      const totals = readKnownTotals(host.proc);
      const whole = await readWhole(client, format.sorted ? sortTable : (entries) => entries);
      return { ...whole, ...(totals && { totals }) };
    }
    case "service": {
      const entry = await readEntry(client, await client.service(subject.key));
      return { services: [format.sorted ? sortDestinations(entry) : entry] };
    }
    case "connections":
      return { connections: startSteps(parseConnections(host.proc.readChunks("ip_vs_conn"))) };
    case "timeouts":
      return { timeouts: await client.timeouts() };
    case "daemons":
      return { daemons: await client.daemons() };
  }
}

/** The connections, of which the first batch has been read. Throws a ProcError that says why there is no file. */
export function firstBatchOf(proc: ProcFiles): Iterable<readonly Connection[]> {
  try {
    return startSteps(parseConnections(proc.readChunks("ip_vs_conn")));
  } catch (error) {
    throw explainReadError(error, proc);
  }
}

async function readWhole(
  client: IpvsClient,
  sort: (entries: TableEntry[]) => readonly TableEntry[],
): Promise<Omit<Parts, "info">> {
  const [table, timeouts, daemons] = await Promise.all([readTable(client), client.timeouts(), client.daemons()]);
  return { services: sort(table), timeouts, daemons };
}

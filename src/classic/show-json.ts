import type { IpvsClient } from "../ipvs/client.js";
import type { TableEntry } from "../ipvs/model.js";
import { type DocumentParts, renderDocument } from "../json/render-document.js";
import { sortDestinations, sortForJson } from "../json/sort.js";
import { compactStyle, terminalStyle } from "../json/style.js";
import { parseConnections } from "../proc/connections.js";
import type { Effects } from "./effects.js";
import type { View } from "./invocation.js";
import { readEntry, readTable } from "./read-table.js";

/** What a document holds besides its header. */
type Parts = Omit<DocumentParts, "info" | "takenAt">;

/**
 * Prints what a list or save command asks for as one JSON document. Rejects with an IpvsError, with nothing printed,
 * when the kernel refuses.
 */
export async function showJson(view: View, client: IpvsClient, effects: Effects): Promise<void> {
  const [info, parts] = await Promise.all([client.info(), readParts(view, client, effects)]);
  const terminal = await effects.terminal();
  const style = terminal ? await terminalStyle(terminal.colour) : compactStyle;
  const document = { info, takenAt: effects.now(), ...parts };
  for (const text of renderDocument(document, view.command === "list", style)) effects.output(text);
}

async function readParts(view: View, client: IpvsClient, effects: Effects): Promise<Parts> {
  if (view.command === "save") return readWhole(client, sortForJson);
  const { subject, format } = view;
  switch (subject.kind) {
    case "table":
      return readWhole(client, format.sorted ? sortForJson : (entries) => entries);
    case "service": {
      const entry = await readEntry(client, await client.service(subject.key));
      return { services: [format.sorted ? sortDestinations(entry) : entry] };
    }
    case "connections":
      return { connections: begin(parseConnections(effects.readConnections())) };
    case "timeouts":
      return { timeouts: await client.timeouts() };
    case "daemons":
      return { daemons: await client.daemons() };
  }
}

/** Takes the first value at once, so that what cannot be read at all is known before anything is printed. */
function begin<T>(values: Iterator<T>): Iterable<T> {
  const first = values.next();
  return (function* () {
    for (let next = first; !next.done; next = values.next()) yield next.value;
  })();
}

async function readWhole(client: IpvsClient, sort: (entries: TableEntry[]) => readonly TableEntry[]): Promise<Parts> {
  const [table, timeouts, daemons] = await Promise.all([readTable(client), client.timeouts(), client.daemons()]);
  return { services: sort(table), timeouts, daemons };
}

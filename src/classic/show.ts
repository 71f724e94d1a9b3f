import type { IpvsClient } from "../ipvs/client.js";
import type { ListFormat } from "../output/format.js";
import { renderEntries, renderHead, renderPlainEntries, renderService } from "../output/listing.js";
import { namesOf, tableAddresses } from "../output/names.js";
import { renderDaemon, renderTimeouts } from "../output/settings.js";
import { sortEntries, sortServices } from "../output/sort.js";
import type { Effects } from "./effects.js";
import type { ListSubject, View } from "./invocation.js";
import { encodeLines } from "./lines.js";
import { print } from "./print.js";
import { readSummaries } from "./read-summaries.js";
import { readEntry, readParts } from "./read-table.js";

/** Prints what a list or save command asks for. Rejects with an IpvsError, with nothing printed, when the kernel refuses. */
export async function show(view: View, client: IpvsClient, effects: Effects): Promise<void> {
  if (view.json) {
    const { showJson } = await import("./show-json.js");
    return showJson(view, client, effects);
  }
  if (view.command === "list") return list(view.subject, view.format, client, effects);
  const { renderRules } = await import("../output/rules.js");
  const table = await readSummaries(client, effects, "tunnel");
  print(renderRules(table, await namesOf(tableAddresses(table), view.numeric, effects.resolver)), effects);
}

async function list(subject: ListSubject, format: ListFormat, client: IpvsClient, effects: Effects): Promise<void> {
  switch (subject.kind) {
    case "table":
      return listTable(format, client, effects);
    case "service": {
      const entry = await readEntry(client, await client.service(subject.key));
      return print(
        renderService(entry, format, await namesOf(tableAddresses([entry]), format.numeric, effects.resolver)),
        effects,
      );
    }
    case "connections": {
      const { listConnections } = await import("./list-connections.js");
      return listConnections(format, effects);
    }
    case "timeouts":
      return print([renderTimeouts(await client.timeouts())], effects);
    case "daemons":
      return print((await client.daemons()).map(renderDaemon), effects);
  }
}

async function listTable(format: ListFormat, client: IpvsClient, effects: Effects): Promise<void> {
  const head = renderHead(await client.info(), format);
  if (format.view === "plain") {
    const table = await readSummaries(client, effects);
    const names = await namesOf(tableAddresses(table), format.numeric, effects.resolver);
    print(head, effects);
    return print(renderPlainEntries(format.sorted ? sortEntries(table) : table, format, names), effects);
  }
  const services = await client.services();
  // Nothing is printed before all is read; but lines take less memory than what they tell of.
  const parts: Uint8Array[] = [];
  for await (const entries of readParts(client, format.sorted ? sortServices(services) : services)) {
    const names = await namesOf(tableAddresses(entries), format.numeric, effects.resolver);
    parts.push(encodeLines(renderEntries(entries, format, names)));
  }
  print([...head, ...parts], effects);
}

import { sortEntries, sortServices } from "../../format/text/classic-order.js";
import { countKindOf, renderCountedEntry } from "../../format/text/fast/counted-lines.js";
import type { ListFormat } from "../../format/text/list-format.js";
import { renderEntries, renderListingHead, renderPlainEntries, renderService } from "../../format/text/listing.js";
import { renderDaemon, renderTimeouts } from "../../format/text/setting-lines.js";
import { namesOf, tableAddresses } from "../../format/text/shown-names.js";
import type { Host } from "../../host/host.js";
import type { IpvsClient } from "../../ipvs/client.js";
import { readEntry, readParts } from "../../ipvs/read-table.js";
import { readSummaries } from "../../ipvs/snapshot.js";
import type { ListSubject, View } from "../grammar/invocation.js";
import { encodeLines } from "../restore/byte-lines.js";
import { print } from "./print.js";

/** Prints a listing or a save. Where the kernel refuses, rejects with an IpvsError and prints nothing. */
export async function show(view: View, client: IpvsClient, host: Host): Promise<void> {
  if (view.json) {
    const { showJson } = await import("./show-json.js");
    return showJson(view, client, host);
  }
  if (view.command === "list") return list(view.subject, view.format, client, host);
  const { renderRules } = await import("../../format/text/rule-lines.js");
  const table = await readSummaries(client, host.proc, "tunnel");
  print(renderRules(table, await namesOf(tableAddresses(table), view.numeric, host.resolver)), host);
}

async function list(subject: ListSubject, format: ListFormat, client: IpvsClient, host: Host): Promise<void> {
  switch (subject.kind) {
    case "table":
      return listTable(format, client, host);
    case "service": {
      const entry = await readEntry(client, await client.service(subject.key));
      return print(
        renderService(entry, format, await namesOf(tableAddresses([entry]), format.numeric, host.resolver)),
        host,
      );
    }
    case "connections": {
      const { listConnections } = await import("./list-connections.js");
      return listConnections(format, host);
    }
    case "timeouts":
      return print([renderTimeouts(await client.timeouts())], host);
    case "daemons":
      return print((await client.daemons()).map(renderDaemon), host);
  }
}

async function listTable(format: ListFormat, client: IpvsClient, host: Host): Promise<void> {
  const head = renderListingHead(await client.info(), format);
  if (format.view === "plain") {
    const table = await readSummaries(client, host.proc);
    const names = await namesOf(tableAddresses(table), format.numeric, host.resolver);
    print(head, host);
    return print(renderPlainEntries(format.sorted ? sortEntries(table) : table, format, names), host);
  }
  const counted = await listCounts(format, client);
  if (counted !== undefined) return print([...head, ...counted], host);
  const services = await client.services();
  // Nothing is printed before everything is read, but lines take less memory than the objects they are made of.
  const parts: Uint8Array[] = [];
  for await (const entries of readParts(client, format.sorted ? sortServices(services) : services)) {
    const names = await namesOf(tableAddresses(entries), format.numeric, host.resolver);
    parts.push(encodeLines(renderEntries(entries, format, names)));
  }
  print([...head, ...parts], host);
}

/** Services whose servers are requested at the same time. */
const countedAtATime = 64;

/** The lines of services and servers with their counters or rates; undefined where only the general path makes them. */
async function listCounts(format: ListFormat, client: IpvsClient): Promise<string[] | undefined> {
  const kind = countKindOf(format);
  if (kind === undefined || !format.numeric) return undefined;
  const services = await client.countedServices(kind);
  if (services === undefined) return undefined;
  const lines: string[] = [];
  const ordered = format.sorted ? sortEntries(services) : services;
  for (let start = 0; start < ordered.length; start += countedAtATime) {
    const part = ordered.slice(start, start + countedAtATime);
    const servers = await client.countedServers(
      part.map(({ service }) => service),
      kind,
    );
    for (const [index, service] of part.entries()) {
      const rendered = servers[index] && renderCountedEntry(service, servers[index], format);
      if (rendered === undefined) return undefined;
      lines.push(rendered);
    }
  }
  return lines;
}

import { type ConnectionDetails, readBatches, visitConnections } from "../../connections/read-batches.js";
import type { DocumentParts } from "../../format/json/render-document.js";
import { groupAddresses, renderGroups } from "../../format/text/connection-groups.js";
import { connectionAddresses } from "../../format/text/connection-lines.js";
import { connectionTableTitle, renderTableRow } from "../../format/text/connection-table.js";
import { connectionTableRows } from "../../format/text/fast/connection-table-rows.js";
import { namesOf, numericNames } from "../../format/text/shown-names.js";
import type { Host } from "../../host/host.js";
import type { ConnectionEvent } from "../../model/selection/connection-event.js";
import type { ConnectionFilter } from "../../model/selection/connection-filter.js";
import type { ConnectionGroup, GroupKey } from "../../model/selection/connection-group.js";
import type { Connection } from "../../model/table.js";
import { startSteps } from "../../proc/started-steps.js";
import { readTableTitle } from "../../proc/table-title.js";
import { connectionEvents } from "../../watch/events/connection-events.js";

/** How something is printed. */
interface OutputStyle {
  readonly json: boolean;
  readonly numeric: boolean;
}

/**
 * Prints the connections that fit as they are read, since there may be millions, and returns their number. Nothing is
 * printed where the file cannot be opened. Rejects with a ProcError or a ProcFormatError.
 */
export async function printConnections(filter: ConnectionFilter, style: OutputStyle, host: Host): Promise<number> {
  if (style.json) return printDocument(filter, host);
  // Without engines one file is enough, which takes half the time.
  const details = { origins: true, engines: false };
  return style.numeric ? printNumeric(filter, details, host) : printNamed(filter, details, host);
}

async function printNumeric(filter: ConnectionFilter, details: ConnectionDetails, host: Host): Promise<number> {
  const rows = connectionTableRows((connection) => renderTableRow(connection, numericNames));
  let title = `${connectionTableTitle}\n`;
  for (const _ of visitConnections(host.proc, filter, details, rows)) {
    host.stdout.write(title);
    title = "";
    host.stdout.write(rows.take());
  }
  return rows.count;
}

async function printNamed(filter: ConnectionFilter, details: ConnectionDetails, host: Host): Promise<number> {
  let count = 0;
  let title = `${connectionTableTitle}\n`;
  for (const batch of readBatches(host.proc, filter, details)) {
    host.stdout.write(title);
    title = "";
    count += batch.length;
    const names = await namesOf(connectionAddresses(batch), false, host.resolver);
    for (const connection of batch) host.stdout.write(`${renderTableRow(connection, names)}\n`);
  }
  return count;
}

async function printDocument(filter: ConnectionFilter, host: Host): Promise<number> {
  const details = { origins: true, engines: true };
  if (await host.terminal.isOutput()) {
    const batches = startSteps(readBatches(host.proc, filter, details));
    let count = 0;
    function* counted(): Generator<readonly Connection[]> {
      for (const batch of batches) {
        count += batch.length;
        yield batch;
      }
    }
    await printParts({ connections: counted() }, host);
    return count;
  }
  const { renderConnectionJson } = await import("../../format/json/render-document.js");
  const { connectionJsonRows, endOfJsonRows } = await import("../../format/json/fast/connection-json-rows.js");
  const rows = connectionJsonRows(renderConnectionJson);
  const steps = startSteps(visitConnections(host.proc, filter, details, rows));
  function* whole(): Generator<string> {
    for (const _ of steps) yield rows.take().toString("latin1");
    yield endOfJsonRows(rows.count);
  }
  await printParts({ connectionText: whole() }, host);
  return rows.count;
}

/** Prints a number of connections. */
export async function printCount(count: number, { json }: OutputStyle, host: Host): Promise<void> {
  if (json) await printParts({ count }, host);
  else host.stdout.write(`${count}\n`);
}

/** Prints the numbers of groups of connections. */
export async function printGroups(
  groups: readonly ConnectionGroup[],
  keys: readonly GroupKey[],
  { json, numeric }: OutputStyle,
  host: Host,
): Promise<void> {
  if (json) return printParts({ counts: groups }, host);
  const names = await namesOf(groupAddresses(groups), numeric, host.resolver);
  for (const line of renderGroups(groups, keys, names)) host.stdout.write(`${line}\n`);
}

async function printParts(parts: Omit<DocumentParts, "info" | "takenAt">, host: Host): Promise<void> {
  // Loaded only here: a table needs none of it.
  const { renderDocumentParts } = await import("../../format/json/render-document.js");
  const { outputJsonStyle } = await import("../../cli/json-output.js");
  const style = await outputJsonStyle(host);
  const document = { info: readTableTitle(host.proc), takenAt: new Date(host.clock.now()), ...parts };
  for (const text of renderDocumentParts(document, true, style)) host.stdout.write(text);
}

/** Prints what happens to the connections that fit, until the host's signal ends it. */
export async function followConnections(
  filter: ConnectionFilter,
  interval: number,
  { json, numeric }: OutputStyle,
  host: Host,
): Promise<void> {
  const { clock, signal, stdout } = host;
  const events = connectionEvents(host.proc, filter, { clock, signal, interval, count: Number.POSITIVE_INFINITY });
  const render = json
    ? (await import("../../format/json/connections/connection-events.js")).renderConnectionEvent
    : await lineRenderer(numeric, host);
  for await (const event of events) stdout.writeText(await render(event));
}

async function lineRenderer(numeric: boolean, host: Host): Promise<(event: ConnectionEvent) => Promise<string>> {
  const { renderEventLine } = await import("../../format/text/connection-event-lines.js");
  return async (event) => {
    const addresses = "connection" in event ? connectionAddresses([event.connection]) : [];
    return `${renderEventLine(event, await namesOf(addresses, numeric, host.resolver))}\n`;
  };
}

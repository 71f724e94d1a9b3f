import {
  type DestinationSummary,
  type Info,
  isMarkService,
  type Service,
  type ServiceKey,
  type TableEntry,
} from "../../model/table.js";
import type { SummaryEntry } from "../../proc/proc-table.js";
import { sortServers } from "./classic-order.js";
import { NumericServers } from "./fast/numeric-servers.js";
import type { ListFormat } from "./list-format.js";
import { type Names, protocolOf, renderEndpoint } from "./shown-names.js";
import { listViews, nameWidth, plainView, serverArrow, serviceNameWidth, type ViewLayout } from "./views.js";

/** The lines that open a listing of the whole table. */
export function renderListingHead({ version, connectionTableSize }: Info, { view }: ListFormat): string[] {
  return [`IP Virtual Server version ${version} (size=${connectionTableSize})`, ...listViews[view].titles];
}

/** The lines of services and their servers. The services stand in the order in which they are given. */
export function* renderEntries(entries: readonly TableEntry[], format: ListFormat, names: Names): Generator<string> {
  for (const entry of entries) yield* renderEntry(entry, listViews[format.view], format, names);
}

/** The same in the plain view. Some texts are several lines: one by one they would take several times as long. */
export function* renderPlainEntries(
  entries: readonly SummaryEntry[],
  format: ListFormat,
  names: Names,
): Generator<string> {
  const numeric = new NumericServers();
  for (const entry of entries) {
    const servers = format.numeric && entry.rows && numeric.renderListing(entry.rows, format.sorted);
    if (servers) {
      yield [renderServiceLine(entry, plainView, format, names), ...servers].join("\n");
    } else {
      yield* renderEntry(entry, plainView, format, names);
    }
  }
}

/** The lines of `ipvsadm -L` for one service: without the version. */
export function* renderService(entry: TableEntry, format: ListFormat, names: Names): Generator<string> {
  yield* listViews[format.view].titles;
  yield* renderEntries([entry], format, names);
}

function* renderEntry<Entry extends SummaryEntry>(
  entry: Entry,
  view: ViewLayout<Entry>,
  format: ListFormat,
  names: Names,
): Generator<string> {
  const { service, destinations } = entry;
  yield renderServiceLine(entry, view, format, names);
  for (const server of format.sorted ? sortServers(destinations) : destinations) {
    yield `${serverArrow}${renderServerName(service, server, names)}${view.server(server, format.exact)}`;
  }
}

function renderServiceLine<Entry extends SummaryEntry>(
  { service }: Entry,
  view: ViewLayout<Entry>,
  format: ListFormat,
  names: Names,
): string {
  const name = renderListedService(service, names);
  return (view.serviceHasColumns ? name.padEnd(serviceNameWidth) : name) + view.service(service, format.exact);
}

export function renderListedService(service: ServiceKey, names: Names): string {
  if (isMarkService(service)) return `FWM  ${service.fwmark}${service.family === "inet6" ? " IPv6" : ""}`;
  const { address, port, protocol } = service;
  return `${protocol.toUpperCase().padEnd(4)} ${cutName(address, renderEndpoint(address, port, protocol, names))}`;
}

function renderServerName(service: Service, { address, port }: DestinationSummary, names: Names): string {
  return cutName(address, renderEndpoint(address, port, protocolOf(service), names)).padEnd(nameWidth);
}

/** Only the text of an IPv4 address is cut to the column's width. */
function cutName(address: string, endpoint: string): string {
  return address.includes(":") ? endpoint : endpoint.slice(0, nameWidth);
}

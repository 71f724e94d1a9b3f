import {
  type DestinationSummary,
  type Info,
  isMarkService,
  type ServiceEntry,
  type TableEntry,
} from "../ipvs/model.js";
import type { ListFormat } from "./format.js";
import { type Names, protocolOf, renderEndpoint } from "./names.js";
import { sortServers, sortTable } from "./sort.js";
import { PLAIN_VIEW, VIEWS, type View } from "./views.js";

/** Where the columns behind a name begin; the four columns of the protocol or arrow and a blank come first. */
const NAME_WIDTH = 28;

/** The line that opens a listing of the whole table. The original prints it before it asks for the services. */
export function renderVersion({ version, connectionTableSize }: Info): string {
  return `IP Virtual Server version ${version} (size=${connectionTableSize})`;
}

/** The lines of `ipvsadm -L`. */
export function renderTable(
  info: Info,
  entries: readonly TableEntry[],
  format: ListFormat,
  names: Names,
): Iterable<string> {
  return renderEntries(info, entries, VIEWS[format.view], format, names);
}

/** The lines of `ipvsadm -L` in the plain view. */
export function renderPlainTable(
  info: Info,
  entries: readonly TableEntry<DestinationSummary>[],
  format: ListFormat,
  names: Names,
): Iterable<string> {
  return renderEntries(info, entries, PLAIN_VIEW, format, names);
}

function* renderEntries<Server extends DestinationSummary>(
  info: Info,
  entries: readonly TableEntry<Server>[],
  view: View<Server>,
  format: ListFormat,
  names: Names,
): Generator<string> {
  yield renderVersion(info);
  yield* view.titles;
  for (const entry of format.sorted ? sortTable(entries) : entries) yield* renderEntry(entry, view, format, names);
}

/** The lines of `ipvsadm -L` for one service: without the version. */
export function* renderService(entry: TableEntry, format: ListFormat, names: Names): Generator<string> {
  const view = VIEWS[format.view];
  yield* view.titles;
  yield* renderEntry(format.sorted ? sortServers(entry) : entry, view, format, names);
}

function* renderEntry<Server extends DestinationSummary>(
  { service, destinations }: TableEntry<Server>,
  view: View<Server>,
  format: ListFormat,
  names: Names,
): Generator<string> {
  const name = renderServiceName(service, names);
  yield (view.serviceHasColumns ? name.padEnd(5 + NAME_WIDTH) : name) + view.service(service, format.exact);
  for (const server of destinations) {
    yield `  -> ${renderServerName(service, server, names)}${view.server(server, format.exact)}`;
  }
}

function renderServiceName(service: ServiceEntry, names: Names): string {
  if (isMarkService(service)) return `FWM  ${service.fwmark}${service.family === "inet6" ? " IPv6" : ""}`;
  const { address, port, protocol } = service;
  return `${protocol.toUpperCase().padEnd(4)} ${cutName(address, renderEndpoint(address, port, protocol, names))}`;
}

function renderServerName(service: ServiceEntry, { address, port }: DestinationSummary, names: Names): string {
  return cutName(address, renderEndpoint(address, port, protocolOf(service), names)).padEnd(NAME_WIDTH);
}

/** Only the text of an IPv4 address is cut to the column's width. */
function cutName(address: string, endpoint: string): string {
  return address.includes(":") ? endpoint : endpoint.slice(0, NAME_WIDTH);
}

import type { ChalkInstance } from "chalk";
import Table from "cli-table3";
import type { ServiceKey } from "../../model/table.js";
import type { WatchedTable } from "../reading/watched-table.js";
import { type Abilities, type Column, fitColumns } from "./columns.js";
import type { ViewState } from "./keys.js";
import type { Trend } from "./rates.js";
import { type Group, type Row, type RowSource, toGroups, toRows } from "./rows.js";
import { renderBars, renderHumanNumber } from "./units.js";

/** Everything that a picture of the table shows. */
export interface Picture {
  readonly source: RowSource;
  /** All services together, those that are gone too. */
  readonly total: Trend;
  readonly state: ViewState;
  /** Seconds. */
  readonly interval: number;
  /** Why the last reading failed. */
  readonly error: string | undefined;
  readonly abilities: Abilities;
  readonly chalk: ChalkInstance;
}

export interface RenderedScreen {
  /** As many as the window has, each as wide at most. */
  readonly lines: readonly string[];
  /** The services in the window, and in one above and one below it. */
  readonly services: readonly ServiceKey[];
  /** Rows that the window has room for, and rows that there are. */
  readonly page: number;
  readonly rows: number;
}

/** Lines above the rows: title, totals, news, the columns' titles; below them: the keys. */
const linesAbove = 4;
const linesBelow = 1;

/** The picture in a window of that size. */
export function renderScreen(picture: Picture, width: number, height: number): RenderedScreen {
  const { source, state } = picture;
  const page = Math.max(0, height - linesAbove - linesBelow);
  const groups = toGroups(source, state);
  const rows = groups.reduce((countOf, { servers }) => countOf + 1 + servers.length, 0);
  const offset = Math.max(0, Math.min(state.offset, rows - page));
  const nearby = groupsBetween(groups, offset - page, offset + 2 * page);
  const shown = groupsBetween(groups, offset, offset + page);
  const window = shown.flatMap(({ group, start }) =>
    toRows(group, source, state).filter((_, index) => start + index >= offset && start + index < offset + page),
  );
  const body = state.help ? ["", ...cut(helpLines, width)] : renderWindow(window, width, picture);
  const keys = renderKeys(picture, offset, page, rows).slice(0, width).padEnd(width);
  const lines = [...renderTop(picture, width), ...body.slice(0, page + 1)].slice(0, Math.max(0, height - linesBelow));
  while (lines.length < height - linesBelow) lines.push("");
  lines.push(picture.chalk.inverse(keys));
  return { lines, services: nearby.map(({ group }) => group.service.key), page, rows };
}

function renderTop(picture: Picture, width: number): string[] {
  const { chalk, error } = picture;
  const [title = "", total = "", news = ""] = cut(
    [renderTitle(picture), renderTotal(picture, width), renderNews(picture)],
    width,
  );
  return [chalk.bold(title), total, error === undefined ? news : chalk.red(news)];
}

function cut(lines: readonly string[], width: number): string[] {
  return lines.map((line) => line.slice(0, width));
}

/** The whole table without color, cursor or bars, as wide as it is. */
export function renderPlain(picture: Picture): string[] {
  const groups = toGroups(picture.source, picture.state);
  const rows = groups.flatMap((group) => toRows(group, picture.source, picture.state));
  const width = 200;
  const lines = [
    renderTitle(picture),
    renderTotal(picture, 0),
    renderNews(picture),
    ...renderText(rows, width, picture),
  ];
  return lines.map((line) => line.trimEnd()).filter((line) => line !== "");
}

/** The groups that have rows between two positions, with the position of their first row. */
function groupsBetween(groups: readonly Group[], from: number, to: number): { group: Group; start: number }[] {
  const found: { group: Group; start: number }[] = [];
  let start = 0;
  for (const group of groups) {
    const end = start + 1 + group.servers.length;
    if (end > from && start < to) found.push({ group, start });
    start = end;
  }
  return found;
}

function renderTitle({ source: { reading }, interval, state }: Picture): string {
  const services = reading.table.size;
  const servers = countServers(reading.table);
  const time = new Date(reading.takenAt).toISOString().slice(11, 19);
  const source = reading.source === "proc" ? "  no counters: not permitted" : "";
  const paused = state.paused ? "  PAUSED" : "";
  return `IPVS ${reading.version}  ${countOf(services, "service")}, ${countOf(servers, "server")}  ${time} UTC  every ${interval} s${paused}${source}`;
}

function renderTotal({ total: { rates, history }, abilities }: Picture, width: number): string {
  const [conns, packetsIn, packetsOut, bytesIn, bytesOut] = [
    rates.connections,
    rates.packetsIn,
    rates.packetsOut,
    rates.bytesIn,
    rates.bytesOut,
  ].map(renderHumanNumber);
  const text = `Total  ${conns} conn/s  ${packetsIn} pkt/s in  ${packetsOut} out  ${bytesIn} byte/s in  ${bytesOut} out`;
  const room = Math.min(width - text.length - 2, 40);
  return room < 8 ? text : `${text}  ${renderBars(history, room, abilities.unicode ? "unicode" : "ascii")}`;
}

/** What went wrong; else what is gone since the reading before, and the filter. */
function renderNews({ error, source, state }: Picture): string {
  if (error !== undefined) return `! ${error}`;
  const parts: string[] = [];
  const { before, reading } = source;
  if (reading.missing !== undefined) parts.push(`! there is no service ${reading.missing}`);
  if (before !== undefined && before !== reading.table) {
    const services = [...before.keys()].filter((identity) => !reading.table.has(identity)).length;
    const servers = countGoneServers(before, reading.table);
    if (services > 0) parts.push(`- ${countOf(services, "service")} gone`);
    if (servers > 0) parts.push(`- ${countOf(servers, "server")} gone`);
  }
  if (state.isTyping) parts.push(`Filter: ${state.filter}_`);
  else if (state.filter !== "") parts.push(`Filter: ${state.filter}`);
  return parts.join("  ");
}

function countServers(table: WatchedTable): number {
  let servers = 0;
  for (const { destinations } of table.values()) servers += destinations.size;
  return servers;
}

function countGoneServers(before: WatchedTable, table: WatchedTable): number {
  let gone = 0;
  for (const [identity, service] of before) {
    const now = table.get(identity);
    if (now === service) continue;
    for (const name of service.destinations.keys()) if (!now?.destinations.has(name)) gone++;
  }
  return gone;
}

function countOf(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function renderKeys({ state }: Picture, offset: number, page: number, rows: number): string {
  if (state.help) return "any key: back";
  if (state.isTyping) return "type a part of a name; Enter: keep it  Esc: all rows";
  const place = rows > page ? `rows ${offset + 1}-${Math.min(rows, offset + page)} of ${rows}  ` : "";
  const order = state.sort === "none" ? "kernel's order" : state.sort;
  return `${place}q quit  h help  p pause  s sort: ${order}${state.reversed ? " reversed" : ""}  / filter`;
}

const helpLines = [
  "q          quit                      up, down   one row",
  "p, space   pause                     PgUp, PgDn one window",
  "s          sort by the next column   Home, End  first, last row",
  "r          reverse the order         /          filter by a part of a name",
  "n          names or numbers          Esc        no filter",
  "",
  "+ new since the last refresh         * changed",
  "0 drained: its weight is 0           ! overloaded: at its upper threshold",
];

function fitRows(rows: readonly Row[], width: number, withBars: boolean): Column[] {
  const longestName = rows.reduce(
    (longest, { name, isServer }) => Math.max(longest, name.length + (isServer ? 6 : 2)),
    0,
  );
  return fitColumns(width, longestName, withBars);
}

function renderWindow(rows: readonly Row[], width: number, picture: Picture): string[] {
  const columns = fitRows(rows, width, true);
  if (columns.length === 0) return [];
  const { chalk, abilities } = picture;
  const table = new Table({
    chars: noBorders,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [], compact: true },
    colWidths: columns.map((column) => column.width),
    colAligns: columns.map((column) => column.align),
    truncate: truncationOf(abilities),
    head: columns.map(({ title }) => chalk.dim(title)),
  });
  for (const row of rows) table.push(columns.map((column) => paint(column, row, picture)));
  return table.toString().split("\n");
}

/** The same as text alone, without cli-table3, which needs minutes for the rows of 10,000 services. */
function* renderText(rows: readonly Row[], width: number, { abilities }: Picture): Generator<string> {
  const columns = fitRows(rows, width, false);
  const line = (textOf: (column: Column) => string) =>
    columns.map((column) => fit(textOf(column), column, truncationOf(abilities))).join(" ");
  yield line(({ title }) => title);
  for (const row of rows) yield line((column) => column.value(row, column.width, abilities));
}

function fit(text: string, { width, align }: Column, truncation: string): string {
  const fitting = text.length > width ? text.slice(0, width - 1) + truncation : text;
  return align === "left" ? fitting.padEnd(width) : fitting.padStart(width);
}

function truncationOf({ unicode }: Abilities): string {
  return unicode ? "…" : "~";
}

const noBorders = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: " ",
};

function paint(column: Column, row: Row, { chalk, abilities }: Picture): string {
  const text = column.value(row, column.width, abilities);
  const style = styleOf(row, chalk);
  return text === "" ? text : style(text);
}

/** Overloaded servers come first, then drained ones, then what is new or changed. Services are bold. */
function styleOf({ state, change, isServer }: Row, chalk: ChalkInstance): (text: string) => string {
  if (state === "overloaded") return chalk.red.bold;
  if (state === "drained") return chalk.yellow;
  if (change !== undefined) return chalk.green;
  return isServer ? (text) => text : chalk.bold;
}

import {
  type DestinationSummary,
  type ForwardingMethod,
  isMarkService,
  type Service,
  type ServiceKey,
} from "../model/table.js";
import { formatProcAddress, parseProcAddress, parseProcPort } from "./proc-address.js";
import { ProcFormatError } from "./proc-error.js";

/** A server's row of /proc/net/ip_vs. */
export type ServerRow = DestinationSummary;

/** What identifies a service there. The rows of firewall marks lack the family. */
export type ServiceRowKey =
  | { readonly protocol: string; readonly address: string; readonly port: number }
  | { readonly fwmark: number };

/** A service's row of /proc/net/ip_vs, and the rows of its servers. */
export type ServiceRow = ServiceRowKey & {
  /** `none` where the service has lost its scheduler. */
  readonly scheduler: string;
  /** One-packet scheduling; the rows of IPv6 services lack it. */
  readonly onePacket: boolean;
  readonly persistence?: {
    /** In the kernel's clock ticks, whose number per second differs between kernels. */
    readonly ticks: number;
    /** Eight hexadecimal digits: an IPv4 mask, or an IPv6 prefix length with its bytes in either order. */
    readonly netmask: string;
  };
  readonly servers: readonly ServerRow[];
};

const tableFile = "ip_vs";
/** The byte that the rows of servers begin with, and no others. */
const rowBlank = 0x20;

const titleLines = [
  /^IP Virtual Server version \d+\.\d+\.\d+ \(size=\d+\)$/,
  /^Prot LocalAddress:Port Scheduler Flags$/,
  /^ {2}-> RemoteAddress:Port Forward Weight ActiveConn InActConn$/,
];

const endpointPattern = String.raw`(?:([0-9A-F]{8})|\[((?:[0-9a-f]{4}:){7}[0-9a-f]{4})\]):([0-9A-F]{4})`;
/** A signed 32-bit number exactly as printf's %d writes it, since the fast paths of listings copy its digits. */
const integerPattern = String.raw`(0|-?[1-9]\d{0,9})`;
/** What follows the key of a service, up to the end of its line. Blanks fit in one way only, so that many of them cost little. */
const settingsPattern = String.raw`(\S+)( ops)?(?: +persistent ${integerPattern} ([0-9A-F]{8}))? *$`;
const serviceLine = new RegExp(String.raw`^([A-Z]\w*) +${endpointPattern} ${settingsPattern}`);
const markServiceLine = new RegExp(`^FWM +([0-9A-F]{8}) ${settingsPattern}`);
/** The words of a server's row after its endpoint, in order, and the width of their columns. */
export const serverWords = [
  { field: "forward", width: 7 },
  { field: "weight", width: 6 },
  { field: "activeConnections", width: 10 },
  { field: "inactiveConnections", width: 10 },
] as const satisfies readonly { readonly field: keyof DestinationSummary; readonly width: number }[];

/** The kernel's words for forwarding methods. Their first letters differ, so one letter identifies a method. */
export const forwardingWords: Readonly<Record<string, ForwardingMethod>> = {
  Masq: "masq",
  Local: "local",
  Tunnel: "tunnel",
  Route: "route",
};

/** The rows of servers. */
const serverLine = rowPattern(
  String.raw` {2}-> (?:${endpointPattern}) +(?:${forwardingPattern((word) => word)})${` +(?:${integerPattern})`.repeat(3)} *\n`,
);
/** The usual ones, with an IPv4 address and all words in their columns. */
const alignedServerLine = rowPattern(
  `  -> ${hexPattern(8)}:${hexPattern(4)}     ${serverWords.map(columnPattern).join("")}\n`,
);

function forwardingPattern(render: (word: string) => string): string {
  return Object.keys(forwardingWords).map(render).join("|");
}

/** A pattern for consecutive rows. A limited number of them, since engines remember where each began. */
function rowPattern(row: string): RegExp {
  return new RegExp(`(?:${row}){1,64}`, "y");
}

/** A word in its column, or a number that is too long for it, in the shape of integerPattern; a column starts with a blank. */
function columnPattern({ field, width }: (typeof serverWords)[number]): string {
  if (field === "forward") return ` (?:${forwardingPattern((word) => word.padEnd(width))})`;
  const short = Array.from({ length: width - 1 }, (_, more) => {
    const digits = more === 0 ? "[0-9]" : `[1-9]${"[0-9]".repeat(more)}`;
    return digits.padEnd(digits.length + width - more - 1);
  });
  return ` (?:${short.join("|")}|-?[1-9][0-9]{${width - 1},9})`;
}

/** A pattern for hexadecimal digits, written out: engines that interpret patterns take far longer over `{8}`. */
function hexPattern(count: number): string {
  return "[0-9A-F]".repeat(count);
}

/** The rows of a service's servers: a part of the text, which holds nothing else. They become objects only when asked for. */
export class ServerRows {
  constructor(
    readonly text: string,
    readonly start: number,
    readonly end: number,
    /** Whether all have an IPv4 address and each word in its column. */
    readonly aligned: boolean,
  ) {}

  /** Whether a server is reached by the forwarding method. */
  include(method: ForwardingMethod): boolean {
    return this.toServers().some(({ forward }) => forward === method);
  }

  toServers(): ServerRow[] {
    return parseServers(this.text, this.start, this.end);
  }
}

/** The part of a table entry that a plain listing shows. */
export interface SummaryEntry {
  readonly service: Service;
  readonly destinations: readonly DestinationSummary[];
  /** The rows of the servers, where these come from /proc. */
  readonly rows?: ServerRows | undefined;
}

/** The services in the text of /proc/net/ip_vs, in the kernel's order. Throws a ProcFormatError at a line it does not know. */
export function parseTable(text: string): ServiceRow[] {
  const rows: ServiceRow[] = [];
  for (let start = skipTitles(text); start < text.length; ) {
    const line = lineAt(text, start);
    const first = start + line.length + 1;
    start = skipRows(serverLine, text, first);
    rows.push({ ...parseService(line), servers: parseServers(text, first, start) });
  }
  return rows;
}

/**
 * Each of the services with the rows of its servers; undefined where the text has not just these services in this order.
 * Throws a ProcFormatError where it is no table.
 */
export function findServerRows<Key extends ServiceKey>(
  text: string,
  services: readonly Key[],
): [service: Key, rows: ServerRows][] | undefined {
  const found: [Key, ServerRows][] = [];
  let start = skipTitles(text);
  for (const service of services) {
    if (!text.startsWith(`${rowName(service)} `, start)) return undefined;
    const first = text.indexOf("\n", start) + 1;
    if (first === 0) return undefined;
    const aligned = skipRows(alignedServerLine, text, first);
    start = skipRows(serverLine, text, aligned);
    found.push([service, new ServerRows(text, first, start, start === aligned)]);
  }
  return start === text.length ? found : undefined;
}

/** Whether the text contains the word for a forwarding method. One search is cheaper than one per service. */
export function mentions(text: string, method: ForwardingMethod): boolean {
  return Object.entries(forwardingWords).some(([word, named]) => named === method && text.includes(word));
}

/** How the row of a service begins. */
function rowName(service: ServiceKey): string {
  if (isMarkService(service)) return `FWM  ${service.fwmark.toString(16).toUpperCase().padStart(8, "0")}`;
  const port = service.port.toString(16).toUpperCase().padStart(4, "0");
  return `${service.protocol.toUpperCase()}  ${formatProcAddress(service.family, service.address)}:${port}`;
}

/** Where the first row of a service stands. */
function skipTitles(text: string): number {
  let start = 0;
  for (const title of titleLines) {
    const line = lineAt(text, start);
    if (!title.test(line)) throw new ProcFormatError(tableFile, line);
    start += line.length + 1;
  }
  return start;
}

/** The line that begins at `start`, without its newline. */
function lineAt(text: string, start: number): string {
  const end = text.indexOf("\n", start);
  if (end < 0) throw new ProcFormatError(tableFile);
  return text.slice(start, end);
}

/** Where the rows that begin at `start` and have the pattern end. */
function skipRows(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start;
  let end = start;
  while (text.charCodeAt(end) === rowBlank && pattern.test(text)) end = pattern.lastIndex;
  return end;
}

function parseService(line: string): Omit<ServiceRow, "servers"> & ServiceRowKey {
  const mark = line.match(markServiceLine);
  if (mark !== null) {
    const [, fwmark = "", ...settings] = mark;
    return { fwmark: Number.parseInt(fwmark, 16), ...toSettings(settings) };
  }
  const [, protocol = "", ipv4, ipv6, port, ...settings] = line.match(serviceLine) ?? [];
  return { protocol, ...toServiceEndpoint(line, ipv4 ?? ipv6, port), ...toSettings(settings) };
}

/** The servers of rows that match serverLine, so that nothing is checked again. */
function parseServers(text: string, start: number, end: number): ServerRow[] {
  const servers: ServerRow[] = [];
  const cursor: Cursor = { text, position: start };
  while (cursor.position < end) {
    cursor.position += "  ->".length;
    const endpoint = nextWord(cursor);
    const addressEnd = endpoint.length - ":0050".length;
    const isIpv6 = endpoint.startsWith("[");
    servers.push({
      address: parseProcAddress(isIpv6 ? endpoint.slice(1, addressEnd - 1) : endpoint.slice(0, addressEnd)) ?? "",
      port: parseProcPort(endpoint.slice(addressEnd + 1)) ?? 0,
      forward: forwardingWords[nextWord(cursor)] ?? "route",
      weight: Number(nextWord(cursor)),
      activeConnections: Number(nextWord(cursor)),
      inactiveConnections: Number(nextWord(cursor)),
    });
    cursor.position = text.indexOf("\n", cursor.position) + 1;
  }
  return servers;
}

interface Cursor {
  readonly text: string;
  position: number;
}

/** Takes a word and the blanks before it. */
function nextWord(cursor: Cursor): string {
  let start = cursor.position;
  while (cursor.text.charCodeAt(start) === rowBlank) start++;
  let end = start;
  while (cursor.text.charCodeAt(end) > 0x20) end++;
  cursor.position = end;
  return cursor.text.slice(start, end);
}

function toServiceEndpoint(line: string, addressHex = "", portHex = ""): { address: string; port: number } {
  const address = parseProcAddress(addressHex);
  const port = parseProcPort(portHex);
  if (address === undefined || port === undefined) throw new ProcFormatError(tableFile, line);
  return { address, port };
}

function toSettings([scheduler = "", ops, ticks, netmask]: readonly (string | undefined)[]) {
  return {
    scheduler,
    onePacket: ops !== undefined,
    ...(ticks !== undefined && netmask !== undefined && { persistence: { ticks: Number(ticks), netmask } }),
  };
}

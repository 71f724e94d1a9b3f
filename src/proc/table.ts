import type { DestinationSummary, ForwardingMethod } from "../ipvs/model.js";
import { parseProcAddress, parseProcPort } from "./address.js";
import { ProcFormatError } from "./errors.js";

/** A server's row of /proc/net/ip_vs. */
export type ServerRow = DestinationSummary;

/** What identifies a service there. The rows of firewall marks do not tell the family. */
export type ServiceRowKey =
  | { readonly protocol: string; readonly address: string; readonly port: number }
  | { readonly fwmark: number };

/** A service's row of /proc/net/ip_vs, and the rows of its servers. */
export type ServiceRow = ServiceRowKey & {
  /** `none` where the service has lost its scheduler. */
  readonly scheduler: string;
  /** One-packet scheduling; the rows of IPv6 services do not tell it. */
  readonly onePacket: boolean;
  readonly persistence?: {
    /** In the kernel's clock ticks, whose number per second differs between kernels. */
    readonly ticks: number;
    /** Eight hexadecimal digits: an IPv4 mask, or an IPv6 prefix length with its bytes in either order. */
    readonly netmask: string;
  };
  readonly servers: readonly ServerRow[];
};

const FILE = "ip_vs";

const TITLES = [
  /^IP Virtual Server version \d+\.\d+\.\d+ \(size=\d+\)$/,
  /^Prot LocalAddress:Port Scheduler Flags$/,
  /^ {2}-> RemoteAddress:Port Forward Weight ActiveConn InActConn$/,
];

const ADDRESS = String.raw`(?:([0-9A-F]{8})|\[([0-9a-f:]{39})\]):([0-9A-F]{4})`;
const SETTINGS = String.raw`(\S+)( ops)?\s*(?:persistent (-?\d+) ([0-9A-F]{8}))?`;
const SERVICE = new RegExp(String.raw`^([A-Z]\w*) +${ADDRESS} ${SETTINGS}\s*$`);
const MARK_SERVICE = new RegExp(String.raw`^FWM +([0-9A-F]{8}) ${SETTINGS}\s*$`);
const SERVER = new RegExp(String.raw`^ {2}-> ${ADDRESS} +(Masq|Local|Tunnel|Route) +(-?\d+) +(-?\d+) +(-?\d+) *$`);

const FORWARDING: Readonly<Record<string, ForwardingMethod>> = {
  Masq: "masq",
  Local: "local",
  Tunnel: "tunnel",
  Route: "route",
};

/** The services in the text of /proc/net/ip_vs, in the kernel's order. Throws a ProcFormatError at a line it does not know. */
export function parseTable(text: string): ServiceRow[] {
  const services: ServiceRow[] = [];
  let servers: ServerRow[] | undefined;
  let count = 0;
  for (let start = 0, end = 0; start < text.length; start = end + 1) {
    end = text.indexOf("\n", start);
    if (end < 0) throw new ProcFormatError(FILE);
    const line = text.slice(start, end);
    const title = TITLES[count++];
    if (title !== undefined) {
      if (!title.test(line)) throw new ProcFormatError(FILE, line);
    } else if (line.startsWith("  ->")) {
      if (servers === undefined) throw new ProcFormatError(FILE, line);
      servers.push(parseServer(line));
    } else {
      servers = [];
      services.push(parseService(line, servers));
    }
  }
  if (count < TITLES.length) throw new ProcFormatError(FILE);
  return services;
}

function parseService(line: string, servers: ServerRow[]): ServiceRow {
  const mark = line.match(MARK_SERVICE);
  if (mark !== null) {
    const [, fwmark = "", ...settings] = mark;
    return { fwmark: Number.parseInt(fwmark, 16), ...toSettings(settings), servers };
  }
  const [, protocol = "", ipv4, ipv6, port, ...settings] = line.match(SERVICE) ?? [];
  return { protocol, ...toEndpoint(line, ipv4 ?? ipv6, port), ...toSettings(settings), servers };
}

function parseServer(line: string): ServerRow {
  const [, ipv4, ipv6, port, forward = "", weight, active, inactive] = line.match(SERVER) ?? [];
  const method = FORWARDING[forward];
  if (method === undefined) throw new ProcFormatError(FILE, line);
  return {
    ...toEndpoint(line, ipv4 ?? ipv6, port),
    forward: method,
    weight: Number(weight),
    activeConnections: Number(active),
    inactiveConnections: Number(inactive),
  };
}

function toEndpoint(line: string, addressHex = "", portHex = ""): { address: string; port: number } {
  const address = parseProcAddress(addressHex);
  const port = parseProcPort(portHex);
  if (address === undefined || port === undefined) throw new ProcFormatError(FILE, line);
  return { address, port };
}

function toSettings([scheduler = "", ops, ticks, netmask]: readonly (string | undefined)[]) {
  return {
    scheduler,
    onePacket: ops !== undefined,
    ...(ticks !== undefined && netmask !== undefined && { persistence: { ticks: Number(ticks), netmask } }),
  };
}

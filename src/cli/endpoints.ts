import { formatAddress, parseAddress } from "../model/address.js";
import { parseCInteger } from "../model/c-integer.js";
import { largestPort } from "../model/limits.js";
import type { Family, Protocol } from "../model/table.js";
import type { NameResolver } from "../names/resolver.js";
import { parseNumber } from "./c-numbers.js";

const octet = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;

/** A pattern for the canonical text of an IPv4 address. */
export const quad = String.raw`${octet}(?:\.${octet}){3}`;

const canonicalQuad = new RegExp(`^${quad}$`);

/**
 * An IPv4 address as glibc's inet_aton(3) reads it: one to four parts, decimal, octal or hexadecimal, the last one filling
 * the rest; anything may follow a blank. Canonical text, or undefined.
 */
export function parseIpv4(text: string): string | undefined {
  if (canonicalQuad.test(text)) return text;
  const blank = text.search(/[ \t-\r]/);
  const parts = (blank < 0 ? text : text.slice(0, blank)).split(".");
  const last = parts.length - 1;
  if (last > 3) return undefined;
  let address = 0;
  for (const [index, part] of parts.entries()) {
    const value = parseCInteger(part);
    if (value === undefined || value >= (index === last ? 256 ** (4 - last) : 256)) return undefined;
    address += index === last ? value : value * 256 ** (3 - index);
  }
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join(".");
}

/** An IPv6 address as inet_pton(3) reads it, as canonical text, or undefined. */
export function parseIpv6(text: string): string | undefined {
  if (text.indexOf(":") === text.lastIndexOf(":")) return undefined;
  try {
    return formatAddress("inet6", parseAddress("inet6", text));
  } catch {
    return undefined;
  }
}

/** An IPv4 address or the first IPv4 address of a host name, or undefined. */
export async function parseIpv4Host(text: string, resolver: NameResolver): Promise<string | undefined> {
  return parseIpv4(text) ?? (await resolver.hostAddress(text));
}

export interface Endpoint {
  readonly family: Family;
  readonly address: string;
  /** Undefined where the text names none. */
  readonly port: number | undefined;
}

/**
 * `host[:port]`, `[v6]:port` or a bare IPv6 address. Without a protocol no service name is known. As in ipvsadm, a port must
 * follow brackets, but of an IPv4 address in brackets only a port inside them counts. Undefined: not an address.
 */
export async function parseEndpoint(
  text: string,
  protocol: Protocol | undefined,
  resolver: NameResolver,
): Promise<Endpoint | undefined> {
  if (/^\d*$/.test(text)) return undefined;
  let host = text;
  let portText: string | undefined;
  if (text.startsWith("[")) {
    const close = text.indexOf("]");
    if (close < 0 || text[close + 1] !== ":") return undefined;
    host = text.slice(1, close);
    portText = text.slice(close + 2);
  }
  let family: Family = "inet6";
  let address = parseIpv6(host);
  if (address === undefined) {
    family = "inet";
    const colon = host.lastIndexOf(":");
    portText = colon < 0 ? undefined : host.slice(colon + 1);
    address = await parseIpv4Host(colon < 0 ? host : host.slice(0, colon), resolver);
  }
  if (address === undefined) return undefined;
  if (portText === undefined) return { family, address, port: undefined };
  const port = parseNumber(portText, 0, largestPort) ?? (protocol && resolver.servicePort(portText, protocol));
  return port === undefined ? undefined : { family, address, port };
}

import { parseIpv4, parseIpv6 } from "../../cli/endpoints.js";
import { UsageError } from "../../cli/usage-error.js";
import { largestPort } from "../../model/limits.js";

const loopback = "127.0.0.1";

/** `ADDRESS:PORT`, `[IPV6]:PORT`, or `PORT` of the loopback address. Throws a UsageError. */
export function parseListenAddress(text: string): { readonly address: string; readonly port: number } {
  const [, ipv6, ipv4 = loopback, digits] = /^(?:\[(.*)\]:|([^[\]:]*):)?(\d{1,5})$/.exec(text) ?? [];
  const address = ipv6 === undefined ? parseIpv4(ipv4) : parseIpv6(ipv6);
  const port = Number(digits);
  if (address !== undefined && port <= largestPort) return { address, port };
  throw new UsageError(
    `--listen takes ADDRESS:PORT with an IP address, [IPV6]:PORT, or PORT alone for ${loopback}, not ${text}`,
  );
}

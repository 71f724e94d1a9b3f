import { parseLeadingNumber, parseNumber } from "../../cli/c-numbers.js";
import { parseEndpoint, parseIpv4, parseIpv4Host, parseIpv6 } from "../../cli/endpoints.js";
import { parseAddressService, parseMarkService } from "../../cli/service-key.js";
import { UsageError } from "../../cli/usage-error.js";
import { wholeAddress } from "../../model/defaults.js";
import {
  largestInteger,
  largestPort,
  largestSyncId,
  largestSyncMaxLength,
  largestTtl,
  longestName,
  longestPrefix,
  longestTimeout,
} from "../../model/limits.js";
import type { DaemonState, Protocol, TunnelType } from "../../model/table.js";
import type { NameResolver } from "../../names/resolver.js";
import { tunnelRows } from "./legality.js";
import type { OptionValues } from "./option-values.js";
import type { OptionName } from "./options.js";

/* Names of schedulers, persistence engines and interfaces are cut to the length the kernel accepts. */

/** A time in seconds, as -p and --set take it. */
export function parseTimeout(text: string, minimum: number): number {
  const seconds = parseNumber(text, minimum, longestTimeout);
  if (seconds === undefined) throw new UsageError(`invalid timeout value \`${text}' specified`);
  return seconds;
}

export function parseDaemonState(text: string, command: "start-daemon" | "stop-daemon"): DaemonState {
  if (text === "master" || text === "backup") return text;
  throw new UsageError(`illegal ${command === "start-daemon" ? "start-daemon parameter" : "start_daemon"} specified`);
}

type Setter = (values: OptionValues, value: string, resolver: NameResolver) => void | Promise<void>;

/** What each option sets besides its group. */
export const setters: Readonly<Partial<Record<OptionName, Setter>>> = {
  "tcp-service": (values, value, resolver) => setService(values, "tcp", value, resolver),
  "udp-service": (values, value, resolver) => setService(values, "udp", value, resolver),
  "sctp-service": (values, value, resolver) => setService(values, "sctp", value, resolver),
  "fwmark-service": (values, value) => {
    values.fwmark = parseMarkService(value).fwmark;
    // A service name as the port of a real server is looked up for this protocol.
    values.protocol = "tcp";
  },
  ipv6: (values) => {
    // ipvsadm prints an empty line after it.
    if (values.fwmark === 0) throw new UsageError("-6 used before -f\n");
    values.family = "inet6";
    values.netmask = wholeAddress("inet6");
  },
  scheduler: (values, value) => {
    values.scheduler = value.slice(0, longestName);
  },
  pe: (values, value) => {
    values.engine = value.slice(0, longestName);
  },
  persistent: (values, value) => {
    values.timeout = parseTimeout(value, 1);
  },
  netmask: async (values, value, resolver) => {
    values.netmask = values.family === "inet6" ? parsePrefixLength(value) : await parseMask(value, resolver);
  },
  "sched-flags": (values, value) => {
    values.schedulerFlagNames = value;
  },
  "real-server": async (values, value, resolver) => {
    const endpoint = await parseEndpoint(value, values.protocol, resolver);
    if (endpoint === undefined) throw new UsageError("illegal real server address[:port] specified");
    const { family, address, port = values.port } = endpoint;
    values.server = { family, address, port };
  },
  gatewaying: (values) => {
    values.forward = "route";
  },
  ipip: (values) => {
    values.forward = "tunnel";
  },
  masquerading: (values) => {
    values.forward = "masq";
  },
  "tun-type": (values, value) => {
    if (!isTunnelType(value)) throw new UsageError("illegal tunnel type specified");
    values.tunnelType = value;
  },
  "tun-port": (values, value) => {
    values.tunnelPort = requireNumber(value, 1, largestPort, "tunnel port");
  },
  weight: (values, value) => {
    values.weight = requireNumber(value, 0, largestInteger, "weight");
  },
  "u-threshold": (values, value) => {
    values.upperThreshold = requireNumber(value, 0, largestInteger, "u_threshold");
  },
  "l-threshold": (values, value) => {
    values.lowerThreshold = requireNumber(value, 0, largestInteger, "l_threshold");
  },
  syncid: (values, value) => {
    values.syncId = requireNumber(value, 0, largestSyncId, "syncid");
  },
  "sync-maxlen": (values, value) => {
    values.syncMaxLength = requireNumber(value, 1, largestSyncMaxLength, "sync-maxlen");
  },
  "mcast-interface": (values, value) => {
    values.interface = value.slice(0, longestName);
  },
  "mcast-group": (values, value) => {
    values.multicastGroup = parseMulticastGroup(value);
  },
  "mcast-port": (values, value) => {
    values.multicastPort = requireNumber(value, 1, largestPort, "mcast-port");
  },
  proc: (values, value) => {
    if (!value.startsWith("/")) throw new UsageError(`--proc takes an absolute path, not ${value}`);
    values.proc = value;
  },
  netns: () => {
    throw new UsageError("--netns is for a command line, not for a line of its input");
  },
  "mcast-ttl": (values, value) => {
    values.multicastTtl = requireNumber(value, 1, largestTtl, "mcast-ttl");
  },
};

function requireNumber(text: string, minimum: number, maximum: number, what: string): number {
  const value = parseNumber(text, minimum, maximum);
  if (value === undefined) throw new UsageError(`illegal ${what} specified`);
  return value;
}

async function setService(
  values: OptionValues,
  protocol: Protocol,
  text: string,
  resolver: NameResolver,
): Promise<void> {
  const key = await parseAddressService(text, protocol, resolver);
  Object.assign(values, key);
  if (key.family === "inet6") values.netmask = wholeAddress("inet6");
}

function parsePrefixLength(text: string): number {
  const length = parseLeadingNumber(text);
  if (length < 1 || length > longestPrefix.inet6) throw new UsageError("illegal ipv6 netmask specified");
  return length;
}

async function parseMask(text: string, resolver: NameResolver): Promise<string> {
  const mask = await parseIpv4Host(text, resolver);
  if (mask === undefined) throw new UsageError("illegal virtual server persistent mask specified");
  return mask;
}

function isTunnelType(text: string): text is TunnelType {
  return Object.hasOwn(tunnelRows, text);
}

/** An address of 224.0.0.0/4 or ff00::/8, as inet_pton(3) reads them: IPv4 in canonical text only. */
function parseMulticastGroup(text: string): string {
  const isIpv6 = text.includes(":");
  const address = isIpv6 ? parseIpv6(text) : parseIpv4(text);
  const fits = isIpv6 ? /^ff..:/.test(address ?? "") : address === text && /^2(2[4-9]|3\d)\./.test(text);
  if (address !== undefined && fits) return address;
  throw new UsageError(`invalid ${isIpv6 ? "IPv6" : "IPv4"} mcast-group \`${text}'`);
}

import * as Flags from "@oclif/core/flags";
import type * as Interfaces from "@oclif/core/interfaces";
import { resolveRangeOption } from "../../cli/address-range.js";
import { parseServiceKey, type ServiceSelector } from "../../cli/service-key.js";
import { UsageError } from "../../cli/usage-error.js";
import { longestPrefix } from "../../model/limits.js";
import type { AddressRange } from "../../model/selection/address-range.js";
import type { ConnectionFilter, SecondsRange } from "../../model/selection/connection-filter.js";
import { type GroupKey, type GroupName, groupNames } from "../../model/selection/connection-group.js";
import { connectionStates, protocolWords } from "../../model/selection/connection-traits.js";
import { connectionOrigins, type ServiceKey } from "../../model/table.js";
import type { NameResolver } from "../../names/resolver.js";

/** A flag that may be repeated: a connection then fits by any of its values. */
const repeated = { multiple: true, multipleNonGreedy: true } as const;
/** The same with lists. */
const listed = { ...repeated, delimiter: "," } as const;

const rangeValue = "ADDRESS[/LENGTH][:PORT]";

/** The flags that decide which connections are shown or counted. */
export const connectionFlags = {
  protocol: Flags.string({
    char: "p",
    summary: `Only these protocols: ${Object.keys(protocolWords).join(", ")}.`,
    helpValue: "NAME[,NAME]",
    ...listed,
  }),
  client: Flags.string({ summary: "Only connections of these clients.", helpValue: rangeValue, ...repeated }),
  virtual: Flags.string({ summary: "Only connections to these addresses.", helpValue: rangeValue, ...repeated }),
  "tcp-service": Flags.string({
    char: "t",
    summary: "Only connections of this TCP service; without a port, of every port.",
    helpValue: "HOST:PORT",
    ...repeated,
  }),
  "udp-service": Flags.string({
    char: "u",
    summary: "Only connections of this UDP service.",
    helpValue: "HOST:PORT",
    ...repeated,
  }),
  "sctp-service": Flags.string({
    summary: "Only connections of this SCTP service.",
    helpValue: "HOST:PORT",
    ...repeated,
  }),
  "fwmark-service": Flags.string({
    char: "f",
    summary: "Only persistence templates of this firewall mark; connections do not show theirs.",
    helpValue: "MARK",
    ...repeated,
  }),
  ipv6: Flags.boolean({ summary: "The firewall marks apply to IPv6.", dependsOn: ["fwmark-service"] }),
  server: Flags.string({
    char: "r",
    aliases: ["real-server"],
    summary: "Only connections to these real servers; also --real-server.",
    helpValue: rangeValue,
    ...repeated,
  }),
  state: Flags.string({ summary: "Only connections in these states.", helpValue: "STATE[,STATE]", ...listed }),
  "not-state": Flags.string({ summary: "No connections in these states.", helpValue: "STATE[,STATE]", ...listed }),
  expires: Flags.string({
    summary: "Only connections that expire in so many seconds, such as '<60'; also <=, >, >= and =.",
    helpValue: "'<SECONDS'",
    exclusive: ["follow"],
    ...repeated,
  }),
  templates: Flags.boolean({ summary: "Only persistence templates, or none of them.", allowNo: true }),
  pe: Flags.string({ summary: "Only templates of this persistence engine.", helpValue: "NAME", ...listed }),
  origin: Flags.string({
    summary: "Only the director's own connections, or those that its sync daemon learned of.",
    options: connectionOrigins,
    ...repeated,
  }),
};

type ConnectionFlags = Interfaces.InferredFlags<typeof connectionFlags>;

/** The filter that the flags make. Rejects with a UsageError. */
export async function readConnectionFilter(flags: ConnectionFlags, resolver: NameResolver): Promise<ConnectionFilter> {
  const ranges = (name: "client" | "virtual" | "server"): Promise<AddressRange[]> =>
    Promise.all((flags[name] ?? []).map((text) => resolveRangeOption(`--${name}`, text, resolver)));
  return {
    protocols: (flags.protocol ?? []).map(parseProtocolName),
    clients: await ranges("client"),
    virtuals: await ranges("virtual"),
    services: await readServices(flags, resolver),
    servers: await ranges("server"),
    states: (flags.state ?? []).map((text) => parseState("--state", text)),
    notStates: (flags["not-state"] ?? []).map((text) => parseState("--not-state", text)),
    expires: (flags.expires ?? []).map(parseExpires),
    engines: (flags.pe ?? []).map(parseEngine),
    origins: connectionOrigins.filter((origin) => flags.origin?.includes(origin)),
    templates: flags.templates,
  };
}

function readServices(flags: ConnectionFlags, resolver: NameResolver): Promise<ServiceKey[]> {
  const endpoints = (["tcp", "udp", "sctp"] as const).flatMap((protocol) =>
    (flags[`${protocol}-service`] ?? []).map((endpoint): ServiceSelector => ({ protocol, endpoint })),
  );
  const family = flags.ipv6 ? "inet6" : "inet";
  const marks = (flags["fwmark-service"] ?? []).map((fwmark): ServiceSelector => ({ fwmark, family }));
  return Promise.all([...endpoints, ...marks].map((selector) => parseServiceKey(selector, resolver)));
}

function parseProtocolName(text: string): string {
  const name = text.toLowerCase();
  const word = Object.hasOwn(protocolWords, name) ? protocolWords[name] : undefined;
  if (word !== undefined) return word;
  throw new UsageError(`--protocol takes ${Object.keys(protocolWords).join(", ")}, not ${JSON.stringify(text)}`);
}

function parseState(option: string, text: string): string {
  const state = text.toUpperCase();
  if (connectionStates.includes(state)) return state;
  const known = connectionStates.join(" ").toLowerCase();
  throw new UsageError(`${option}: the kernel has no state ${JSON.stringify(text)}\nStates: ${known}`);
}

function parseExpires(text: string): SecondsRange {
  const [, operator, digits] = /^\s*(<=|>=|<|>|=)\s*(\d{1,10})s?$/.exec(text) ?? [];
  const seconds = Number(digits);
  const everAfter = Number.POSITIVE_INFINITY;
  switch (operator) {
    case "<":
      if (seconds > 0) return { from: 0, to: seconds - 1 };
      break;
    case "<=":
      return { from: 0, to: seconds };
    case ">":
      return { from: seconds + 1, to: everAfter };
    case ">=":
      return { from: seconds, to: everAfter };
    case "=":
      return { from: seconds, to: seconds };
  }
  throw new UsageError(
    `--expires takes <, <=, >, >= or = and a number of seconds, not ${JSON.stringify(text)}\n` +
      "Quote it for the shell: --expires '<60'",
  );
}

function parseEngine(text: string): string {
  if (/^[\w-]{1,15}$/.test(text)) return text;
  throw new UsageError(`--pe takes the name of a persistence engine, not ${JSON.stringify(text)}`);
}

/** The keys of `client/24,state`. Throws a UsageError. */
export function parseGroupKeys(text: string): GroupKey[] {
  const keys = text.split(",").map((part) => {
    const [name, length, ...rest] = part.split("/");
    const known = groupNames.find((one): one is GroupName => one === name);
    const prefixLength = length === undefined ? undefined : Number(length);
    const isLength =
      length === undefined || (known === "client" && /^\d+$/.test(length) && Number(length) <= longestPrefix.inet6);
    if (known !== undefined && isLength && rest.length === 0) return { name: known, prefixLength };
    throw new UsageError(
      `--count-by takes ${groupNames.join(", ")}, or client/LENGTH for networks, not ${JSON.stringify(part)}`,
    );
  });
  const twice = keys.find(({ name }, index) => keys.findIndex((key) => key.name === name) !== index);
  if (twice === undefined) return keys;
  throw new UsageError(`--count-by has the key ${twice.name} twice`);
}

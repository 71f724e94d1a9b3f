import * as Flags from "@oclif/core/flags";
import { parseRangeOption } from "../../cli/address-range.js";
import { parseEndpoint } from "../../cli/endpoints.js";
import { parseServiceKey } from "../../cli/service-key.js";
import { UsageError } from "../../cli/usage-error.js";
import { longestPrefix } from "../../model/limits.js";
import type { ServerTarget } from "../../model/selection/server-target.js";
import { isMarkService, type ServiceKey } from "../../model/table.js";
import type { NameResolver } from "../../names/resolver.js";
import { selectedService } from "./service-flags.js";

/** The flags by which a verb takes servers, besides those of a service. */
export const serverFlags = {
  "real-server": Flags.string({
    char: "r",
    summary: "This server of the service.",
    helpValue: "HOST[:PORT]",
    exclusive: ["server"],
  }),
  server: Flags.string({
    summary: "Servers of these addresses, of the service or, without one, of every service.",
    helpValue: "ADDRESS[/LENGTH][:PORT]",
  }),
};

interface ServerFlagValues {
  readonly "real-server"?: string | undefined;
  readonly server?: string | undefined;
}

/** The servers that the flags mean, or undefined where they name none. Rejects with a UsageError. */
export async function parseServerTarget(
  service: ServiceKey | undefined,
  flags: ServerFlagValues,
  resolver: NameResolver,
): Promise<ServerTarget | undefined> {
  if (flags.server !== undefined) return { service, range: parseRangeOption("--server", flags.server) };
  const text = flags["real-server"];
  if (text === undefined) return undefined;
  if (service === undefined) {
    throw new UsageError("-r needs a service; --server ADDRESS means a server in every service");
  }
  const isMark = isMarkService(service);
  const endpoint = await parseEndpoint(text, isMark ? undefined : service.protocol, resolver);
  if (endpoint === undefined) throw new UsageError("illegal real server address[:port] specified");
  const { family, address, port = isMark ? 0 : service.port } = endpoint;
  return { service, range: { family, address, port, prefixLength: longestPrefix[family] } };
}

/** The target of a verb that is about servers. Rejects with a UsageError, also where no server is named. */
export async function requireServerTarget(
  flags: ServerFlagValues & Parameters<typeof selectedService>[0],
  resolver: NameResolver,
): Promise<ServerTarget> {
  const selector = selectedService(flags);
  const service = selector && (await parseServiceKey(selector, resolver));
  const target = await parseServerTarget(service, flags, resolver);
  if (target !== undefined) return target;
  throw new UsageError("no server is given: -r SERVER of a service, or --server ADDRESS in every service");
}

/** The flags again, as a command line for somebody to type. */
export function selectorText(flags: ServerFlagValues & Parameters<typeof selectedService>[0]): string {
  const words = (["tcp-service", "udp-service", "sctp-service", "fwmark-service", "real-server", "server"] as const)
    .filter((name) => flags[name] !== undefined)
    .map((name) => `${shortNames.get(name) ?? `--${name}`} ${flags[name]}`);
  return [...words, ...(flags.ipv6 ? ["--ipv6"] : [])].join(" ");
}

const shortNames: ReadonlyMap<string, string> = new Map([
  ["tcp-service", "-t"],
  ["udp-service", "-u"],
  ["fwmark-service", "-f"],
  ["real-server", "-r"],
]);

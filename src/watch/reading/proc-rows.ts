import { destinationIdentity, familyOf } from "../../model/identity.js";
import type { KnownServiceSettings } from "../../model/known-table.js";
import type { Family, ServiceKey } from "../../model/table.js";
import { ProcFormatError } from "../../proc/proc-error.js";
import type { ServerRow, ServiceRow } from "../../proc/proc-table.js";
import { protocolOfWord } from "../../proc/protocol-word.js";
import type { WatchedDestination, WatchedService } from "./watched-table.js";

/** The key of a service's row; the rows of firewall marks lack their family. Throws a ProcFormatError. */
export function rowServiceKey(row: ServiceRow, markFamily: Family): ServiceKey {
  if ("fwmark" in row) return { family: markFamily, fwmark: row.fwmark };
  const { address, port } = row;
  const protocol = protocolOfWord(row.protocol);
  if (protocol === undefined) throw new ProcFormatError("ip_vs", `${row.protocol} ${address} ${port}`);
  return { family: familyOf(address), protocol, address, port };
}

/** The service of a row, completed with what was known before. */
export function toWatchedService(key: ServiceKey, row: ServiceRow, before: WatchedService | undefined): WatchedService {
  const destinations = new Map<string, WatchedDestination>();
  for (const server of row.servers) {
    const destination = toWatchedDestination(server);
    const identity = destinationIdentity(destination.key);
    const facts = { ...before?.destinations.get(identity)?.facts, ...destination.facts };
    destinations.set(identity, { ...destination, facts });
  }
  return { key, facts: { ...lasting(before?.facts, row), ...toFacts(key, row) }, destinations };
}

/** The known settings that the row does not contradict. */
function lasting(facts: KnownServiceSettings | undefined, row: ServiceRow): Partial<KnownServiceSettings> {
  if (facts === undefined) return {};
  const { onePacket, schedulerFlags, engine, timeout, timeoutTicks } = facts;
  return {
    ...(onePacket !== undefined && { onePacket }),
    ...(schedulerFlags !== undefined && { schedulerFlags }),
    ...(engine !== undefined && row.persistence !== undefined && { engine }),
    ...(timeout !== undefined && timeoutTicks === row.persistence?.ticks && { timeout }),
  };
}

function toFacts(key: ServiceKey, { scheduler, onePacket, persistence }: ServiceRow): KnownServiceSettings {
  return {
    scheduler,
    persistent: persistence !== undefined,
    // The rows of IPv6 services do not show it.
    ...((key.family === "inet" || onePacket) && { onePacket }),
    ...(persistence !== undefined && {
      timeoutTicks: persistence.ticks,
      netmask: parseRowNetmask(key.family, persistence.netmask),
    }),
  };
}

function toWatchedDestination({ address, port, forward, weight, ...connections }: ServerRow): WatchedDestination {
  return { key: { family: familyOf(address), address, port }, facts: { forward, weight }, ...connections };
}

function parseRowNetmask(family: Family, hex: string): string | number {
  return family === "inet" ? parseHexBytes(hex).join(".") : (parseRowPrefixLength(hex) ?? 128);
}

/** The bytes of eight hexadecimal digits. */
function parseHexBytes(hex: string): number[] {
  return [0, 2, 4, 6].map((index) => Number.parseInt(hex.slice(index, index + 2), 16));
}

/** The prefix length of an IPv6 service. The kernel writes it as an IPv4 mask, so its byte is the first or the last one. */
function parseRowPrefixLength(hex: string): number | undefined {
  const bytes = parseHexBytes(hex).filter((byte) => byte !== 0);
  const [length] = bytes;
  return bytes.length === 1 && length !== undefined && length <= 128 ? length : undefined;
}

/** The family of a firewall mark's row, if its servers or its mask show it. Servers without a tunnel have the same family. */
export function evidentFamily(row: ServiceRow): Family | undefined {
  const server = row.servers.find(({ forward }) => forward !== "tunnel");
  if (server !== undefined) return familyOf(server.address);
  if (row.persistence === undefined) return undefined;
  return parseRowPrefixLength(row.persistence.netmask) === undefined ? "inet" : "inet6";
}

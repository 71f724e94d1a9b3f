import { familyOf } from "../../model/identity.js";
import { isMarkService, type Protocol, type ServiceKey } from "../../model/table.js";
import type { NameResolver } from "../../names/resolver.js";

/** Names that have been looked up; what has no name is shown as a number. */
export interface Names {
  host(address: string): string | undefined;
  service(port: number, protocol: Protocol): string | undefined;
}

/** Shows every address and port as a number. */
export const numericNames: Names = { host: () => undefined, service: () => undefined };

/** Look-ups that are under way at the same time. */
const lookUpLimit = 32;

/** The names for an output that shows `addresses`; none where it is to be numeric. */
export async function namesOf(addresses: Iterable<string>, numeric: boolean, resolver: NameResolver): Promise<Names> {
  return numeric ? numericNames : resolveNames(addresses, resolver);
}

/** Looks the host names of `addresses` up, each address once. */
async function resolveNames(addresses: Iterable<string>, resolver: NameResolver): Promise<Names> {
  const hosts = new Map<string, string | undefined>();
  const pending = new Set(addresses).values();
  const lookUp = async () => {
    for (const address of pending) {
      hosts.set(address, await resolver.hostName(address, familyOf(address)));
    }
  };
  await Promise.all(Array.from({ length: lookUpLimit }, lookUp));
  return {
    host: (address) => hosts.get(address),
    service: (port, protocol) => resolver.serviceName(port, protocol),
  };
}

/** Every address that a listing of the table shows. */
export function* tableAddresses(
  entries: Iterable<{ readonly service: ServiceKey; readonly destinations: readonly { readonly address: string }[] }>,
): Generator<string> {
  for (const { service, destinations } of entries) {
    if (!isMarkService(service)) yield service.address;
    for (const destination of destinations) yield destination.address;
  }
}

/** The original's buffer for an address and port ends here; longer names are cut. */
const longestEndpoint = 59;

/**
 * `address:port` as ipvsadm shows it, with names where there are any.
 * Without a protocol (firewall marks, AH, ESP) the port has no name.
 */
export function renderEndpoint(address: string, port: number, protocol: Protocol | undefined, names: Names): string {
  const host = names.host(address) ?? address;
  const portText = (protocol && names.service(port, protocol)) ?? port;
  const text = address.includes(":") ? `[${host}]:${portText}` : `${host}:${portText}`;
  return text.slice(0, longestEndpoint);
}

/** The protocol of a service, by which its ports have names; none for firewall marks. */
export function protocolOf(service: ServiceKey): Protocol | undefined {
  return isMarkService(service) ? undefined : service.protocol;
}

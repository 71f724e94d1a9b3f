import type { Family, Protocol } from "../model/table.js";

/** Host and service name look-ups of the system; an effect, so it is handed in. Numeric text never asks the system. */
export interface NameResolver {
  /** The first IPv4 address of a host name as canonical text, or undefined. */
  hostAddress(name: string): Promise<string | undefined>;
  /** The name of an address, or undefined. */
  hostName(address: string, family: Family): Promise<string | undefined>;
  /** The port of a service name for a protocol, from the services database. */
  servicePort(name: string, protocol: Protocol): number | undefined;
  /** The name of a port for a protocol, from the services database. */
  serviceName(port: number, protocol: Protocol): string | undefined;
}

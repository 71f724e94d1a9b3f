import type { Family, Protocol } from "../model/table.js";

/**
 * Look-ups of hosts by libc. Names are byte strings. A look-up waits for its name server, which may take ten seconds and
 * more, and in the executable blocks the process meanwhile.
 */
export interface HostNames {
  /** The first IPv4 address of a host name as canonical text, or undefined. */
  hostAddress(name: string): Promise<string | undefined>;
  /** The name of an address, or undefined. */
  hostName(address: string, family: Family): Promise<string | undefined>;
}

/** Look-ups of services. */
export interface ServiceNames {
  /** The port of a service name for a protocol, from the services database. */
  servicePort(name: string, protocol: Protocol): number | undefined;
  /** The name of a port for a protocol, from the services database. */
  serviceName(port: number, protocol: Protocol): string | undefined;
}

/** Host and service name look-ups of the system; an effect, so it is handed in. Numeric text never asks the system. */
export interface NameResolver extends HostNames, ServiceNames {
  /** Like `hostName`, for a program that does other work meanwhile: never blocks the process, nor keeps it from ending. */
  hostNameInBackground(address: string): Promise<string | undefined>;
}

import { parseCInteger } from "../model/c-integer.js";
import { type Protocol, protocols } from "../model/table.js";

/** The services database of one protocol. */
interface ProtocolServices {
  readonly ports: Map<string, number>;
  readonly names: Map<number, string>;
}

export type Services = Readonly<Record<Protocol, ProtocolServices>>;

/**
 * Parses the text of /etc/services, a byte string: `name port/protocol alias... # comment`. As in glibc, the first line that
 * fits wins, a port may be octal or hexadecimal, and of one too large the low 16 bits count.
 */
export function parseServices(text: string): Services {
  const services: Services = { tcp: emptyServices(), udp: emptyServices(), sctp: emptyServices() };
  for (const line of text.split("\n")) {
    const [name, entry, ...aliases] = line.split("#", 1)[0]?.match(/[^ \t\v\f\r]+/g) ?? [];
    const [, number = "", protocol] = /^([^/]+)\/+(.+)$/.exec(entry ?? "") ?? [];
    const value = parseCInteger(number);
    if (name === undefined || value === undefined || !isProtocol(protocol)) continue;
    const { ports, names } = services[protocol];
    const port = value & 0xffff;
    if (!names.has(port)) names.set(port, name);
    for (const spelling of [name, ...aliases]) if (!ports.has(spelling)) ports.set(spelling, port);
  }
  return services;
}

function emptyServices(): ProtocolServices {
  return { ports: new Map(), names: new Map() };
}

function isProtocol(text: string | undefined): text is Protocol {
  return (protocols as readonly (string | undefined)[]).includes(text);
}

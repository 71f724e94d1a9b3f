import type { Protocol } from "../model/table.js";

/** The services database of one protocol. */
interface ProtocolServices {
  readonly ports: Map<string, number>;
  readonly names: Map<number, string>;
}

export type Services = Readonly<Record<Protocol, ProtocolServices>>;

/** Parses the text of /etc/services: `name port/protocol alias... # comment`. The first line that fits wins, as in glibc. */
export function parseServices(text: string): Services {
  const services: Services = { tcp: emptyServices(), udp: emptyServices(), sctp: emptyServices() };
  for (const line of text.split("\n")) {
    const [name, entry, ...aliases] = line.replace(/#.*/, "").trim().split(/\s+/);
    const [, digits, protocol] = /^(\d+)\/(.+)$/.exec(entry ?? "") ?? [];
    if (name === undefined || digits === undefined || !isProtocol(protocol)) continue;
    const { ports, names } = services[protocol];
    const port = Number(digits);
    if (!names.has(port)) names.set(port, name);
    for (const spelling of [name, ...aliases]) if (!ports.has(spelling)) ports.set(spelling, port);
  }
  return services;
}

function emptyServices(): ProtocolServices {
  return { ports: new Map(), names: new Map() };
}

function isProtocol(text: string | undefined): text is Protocol {
  return text === "tcp" || text === "udp" || text === "sctp";
}

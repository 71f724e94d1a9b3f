import { parseAddress } from "../model/address.js";
import { type Family, isMarkService, type ServiceKey } from "../model/table.js";
import type { InterfaceAddress } from "../rtnetlink/interface-address.js";
import type { Link } from "../rtnetlink/link.js";
import type { Route } from "../rtnetlink/route.js";
import type { ExaminedServer, ExaminedService, FactReading, Facts, NetworkFacts } from "./facts.js";

/** Thrown where something that a check needs could not be read. */
export class Unread extends Error {}

/** The value, or an Unread where there is none. */
export function known<Value>(reading: FactReading<Value>): Value {
  if ("value" in reading) return reading.value;
  throw new Unread(reading.reason);
}

/** A service with one of its servers. */
export interface ServerOfService {
  readonly service: ExaminedService["service"];
  readonly server: ExaminedServer;
}

/** The facts as checks ask for them. Every question throws an Unread where the answer could not be read. */
export class Evidence {
  constructor(readonly facts: Facts) {}

  get services(): readonly ExaminedService[] {
    return known(this.facts.services);
  }

  /** Every server of every service. */
  get servers(): ServerOfService[] {
    return this.services.flatMap(({ service, servers }) => servers.map((server) => ({ service, server })));
  }

  get network(): NetworkFacts {
    return known(this.facts.network);
  }

  /** By how much a number in a file rose while it was watched; undefined without --watch, or where there is no such number. */
  rise(path: string, numberIn: (text: string) => number | undefined): number | undefined {
    const before = this.facts.earlier?.files.get(path);
    if (before === undefined || !("value" in before)) return undefined;
    const [first, last] = [numberIn(before.value), numberIn(this.text(path) ?? "")];
    return first === undefined || last === undefined ? undefined : last - first;
  }

  /** The contents of a file that the check reads, or undefined where there is no such file. */
  text(path: string): string | undefined {
    const reading = this.facts.files.get(path);
    if (reading === undefined) throw new Unread(`${path} was not read`);
    if ("reason" in reading && reading.isMissing) return undefined;
    return known(reading);
  }

  /** A setting, or undefined where the kernel has none of this name. */
  setting(path: string): number | undefined {
    const text = this.text(path);
    if (text === undefined) return undefined;
    const value = Number.parseInt(text, 10);
    if (Number.isNaN(value)) throw new Unread(`${path} is not a number`);
    return value;
  }

  /** A setting that every kernel with ip_vs has. */
  expectSetting(path: string): number {
    const value = this.setting(path);
    if (value === undefined) throw new Unread(`${path} does not exist`);
    return value;
  }

  /** A setting of an interface, of which the kernel uses the larger one of the interface's and of `all`. */
  effective(family: "ipv4" | "ipv6", interfaceName: string, name: string): number {
    const of = (which: string) => this.expectSetting(`/proc/sys/net/${family}/conf/${which}/${name}`);
    return Math.max(of("all"), of(interfaceName));
  }

  /** The route to an address, or the errno's name where there is none. */
  route(address: string): Route | string {
    const reading = this.facts.routes.get(address);
    if (reading === undefined) throw new Unread(`the route to ${address} was not read`);
    return "value" in reading ? reading.value : reading.reason;
  }

  /** Whether packets to the address end on this machine. */
  isLocal(address: string): boolean {
    const route = this.route(address);
    return typeof route !== "string" && route.type === "local";
  }

  link(index: number | undefined): Link | undefined {
    return this.network.links.find((link) => link.index === index);
  }

  /** The interface by which packets to the address leave. */
  linkTo(address: string): Link | undefined {
    const route = this.route(address);
    return typeof route === "string" ? undefined : this.link(route.interface);
  }

  /** The interfaces that have the address. */
  linksWith(address: string): Link[] {
    const indexes = this.network.addresses.filter((known) => known.address === address).map((known) => known.interface);
    return this.network.links.filter(({ index }) => indexes.includes(index));
  }

  /** The interfaces on whose network the address is, apart from its own entry. */
  linksNear(family: Family, address: string): Link[] {
    const near = this.network.addresses.filter(
      (known) => known.family === family && known.address !== address && isInNetwork(address, known),
    );
    return this.network.links.filter(({ index }) => near.some((known) => known.interface === index));
  }
}

/** An interface that nobody outside is connected to. */
export function isInner({ name, kind }: Link): boolean {
  return name === "lo" || kind === "dummy";
}

/** Whether the network of an interface's address has another address in it. */
function isInNetwork(address: string, network: Pick<InterfaceAddress, "family" | "address" | "prefixLength">) {
  const bitsOf = (text: string) =>
    Array.from(parseAddress(network.family, text), (byte) => byte.toString(2).padStart(8, "0")).join("");
  const prefix = (text: string) => bitsOf(text).slice(0, network.prefixLength);
  return prefix(address) === prefix(network.address);
}

/** Addresses for documentation (RFC 5737, RFC 3849), to which only the default route leads. */
export const faraway: Readonly<Record<Family, string>> = { inet: "203.0.113.1", inet6: "2001:db8:ffff:ffff::1" };

/** The virtual addresses of the services, each once. */
export function virtualAddresses(services: readonly ExaminedService[]): { family: Family; address: string }[] {
  const byAddress = new Map<string, Family>();
  for (const { service } of services) {
    if (!isMarkService(service) && !isWildcard(service)) byAddress.set(service.address, service.family);
  }
  return Array.from(byAddress, ([address, family]) => ({ family, address }));
}

function isWildcard(service: ServiceKey): boolean {
  return !isMarkService(service) && /^(0\.0\.0\.0|::)$/.test(service.address);
}

/** From the document's objects to the model, with the checks that concern more than one field. */
import { formatAddress, parseAddress } from "../../model/address.js";
import { defaultTunnel, wholeAddress } from "../../model/defaults.js";
import type { DesiredService, DesiredState } from "../../model/desired.js";
import { destinationIdentity, familyOf, serviceIdentity } from "../../model/identity.js";
import { netmaskOf, prefixLengthOf } from "../../model/netmask.js";
import { findFlag } from "../../model/scheduler-flags.js";
import type {
  Daemon,
  Destination,
  Family,
  SchedulerFlag,
  Service,
  ServiceKey,
  ServiceSettings,
  Tunnel,
} from "../../model/table.js";
import { document, type JsonDaemon, type JsonDestination, type JsonService } from "./document.js";
import { DocumentError, faultAt } from "./document-error.js";
import type { JsonValue } from "./parse-json.js";

/** Checks a whole document and takes its configuration. Throws a DocumentError for the first fault. */
export function fromDocument(value: JsonValue): DesiredState {
  const { services, timeouts, daemons } = document.read(value, "");
  if (services === undefined && timeouts === undefined && daemons === undefined) {
    throw new DocumentError("the document has none of services, timeouts and daemons");
  }
  const configuration = {
    ...(services && { services: services.map((service, index) => fromJsonService(service, `services[${index}]`)) }),
    ...(timeouts && { timeouts: { tcp: timeouts.tcp, tcpFin: timeouts.tcp_fin, udp: timeouts.udp } }),
    ...(daemons && { daemons: daemons.map((daemon, index) => fromJsonDaemon(daemon, `daemons[${index}]`)) }),
  };
  if (configuration.daemons?.length) refuseMixedFamilies(configuration.services ?? []);
  refuseDoubles("services", configuration.services ?? [], ({ service }) => serviceIdentity(service));
  refuseDoubles("daemons", configuration.daemons ?? [], ({ state }) => `${state} daemon`);
  return configuration;
}

/** The sync protocol cannot tell of such servers, and the kernel has either them or a daemon. */
function refuseMixedFamilies(services: readonly DesiredService[]): void {
  for (const [index, { service, destinations }] of services.entries()) {
    const position = destinations.findIndex(({ family }) => family !== service.family);
    const path = `services[${index}].destinations[${position}].family`;
    if (position >= 0) throw faultAt(path, "another family than the service's does not go with a sync daemon");
  }
}

function refuseDoubles<T>(path: string, values: readonly T[], describe: (value: T) => string): void {
  const seen = new Map<string, number>();
  for (const [index, value] of values.entries()) {
    const text = describe(value);
    const first = seen.get(text);
    if (first !== undefined) throw faultAt(`${path}[${index}]`, `${text} is ${path}[${first}] already`);
    seen.set(text, index);
  }
}

function fromJsonService(json: JsonService, path: string): DesiredService {
  const key = fromKey(json, path);
  const service: Service = { ...key, ...fromSettings(json, key, path) };
  const destinations = json.destinations.map((destination, index) =>
    fromJsonDestination(destination, key, `${path}.destinations[${index}]`),
  );
  refuseDoubles(`${path}.destinations`, destinations, destinationIdentity);
  return { service, destinations };
}

function fromKey(json: JsonService, path: string): ServiceKey {
  const { family } = json;
  if ("fwmark" in json) return { family, fwmark: json.fwmark };
  const { protocol, port } = json;
  return { family, protocol, address: canonicalAddress(json.address, family, `${path}.address`), port };
}

function canonicalAddress(text: string, family: Family, path: string): string {
  try {
    return formatAddress(family, parseAddress(family, text));
  } catch {
    throw faultAt(path, `must be an ${family === "inet" ? "IPv4" : "IPv6"} address`);
  }
}

function fromSettings(json: JsonService, key: ServiceKey, path: string): ServiceSettings {
  const { scheduler, persistent, ops, pe } = json;
  if (!("fwmark" in key) && key.port === 0 && !persistent) {
    throw faultAt(`${path}.port`, "port 0 needs persistence");
  }
  if (ops && !("fwmark" in key) && key.protocol !== "udp") {
    throw faultAt(`${path}.ops`, "one-packet scheduling is only for udp and firewall marks");
  }
  if (persistent && pe !== undefined) throw faultAt(`${path}.pe`, "belongs into persistent");
  const engine = persistent?.pe ?? pe;
  return {
    scheduler,
    schedulerFlags: fromSchedulerFlags(json.sched_flags, scheduler, `${path}.sched_flags`),
    onePacket: ops,
    persistent: persistent !== undefined,
    timeout: persistent?.timeout ?? 0,
    netmask: fromNetmask(persistent ?? {}, key.family, `${path}.persistent`),
    ...(engine !== undefined && { engine }),
  };
}

function fromSchedulerFlags(names: readonly string[], scheduler: string, path: string): SchedulerFlag[] {
  const found = new Set<SchedulerFlag>();
  for (const [index, name] of names.entries()) {
    const known = findFlag(name);
    if (known === undefined || (known.scheduler ?? scheduler) !== scheduler) {
      throw faultAt(`${path}[${index}]`, `${name} is no flag of the scheduler ${scheduler}`);
    }
    if (found.has(known.flag)) throw faultAt(`${path}[${index}]`, `${name} is given twice`);
    found.add(known.flag);
  }
  return [...found].sort();
}

interface JsonNetmask {
  readonly netmask?: string | undefined;
  readonly prefixlen?: number | undefined;
}

function fromNetmask({ netmask, prefixlen }: JsonNetmask, family: Family, path: string): string | number {
  if (family === "inet6") {
    if (netmask !== undefined) throw faultAt(`${path}.netmask`, "an inet6 service has a prefixlen only");
    if (prefixlen === 0) throw faultAt(`${path}.prefixlen`, "must be an integer from 1 to 128");
    return prefixlen ?? wholeAddress("inet6");
  }
  if (prefixlen !== undefined && prefixlen > 32) {
    throw faultAt(`${path}.prefixlen`, "must be an integer from 0 to 32");
  }
  if (netmask === undefined) return netmaskOf(prefixlen ?? 32);
  const mask = canonicalAddress(netmask, family, `${path}.netmask`);
  if (prefixlen !== undefined && prefixlen !== prefixLengthOf(mask)) {
    throw faultAt(`${path}.prefixlen`, `does not agree with the netmask ${mask}`);
  }
  return mask;
}

function fromJsonDestination(json: JsonDestination, service: ServiceKey, path: string): Destination {
  const { family, port, forward, weight } = json;
  if (family !== service.family && forward !== "tunnel") {
    throw faultAt(`${path}.family`, "another family than the service's is allowed only for tunneling servers");
  }
  if (json.tunnel && forward !== "tunnel") throw faultAt(`${path}.tunnel`, `conflicts with the forward ${forward}`);
  if (json.lower_threshold > json.upper_threshold) {
    throw faultAt(`${path}.lower_threshold`, "is above the upper_threshold");
  }
  return {
    family,
    address: canonicalAddress(json.address, family, `${path}.address`),
    port,
    forward,
    weight,
    upperThreshold: json.upper_threshold,
    lowerThreshold: json.lower_threshold,
    tunnel: fromTunnel(json.tunnel ?? { type: defaultTunnel.type }, `${path}.tunnel`),
  };
}

function fromTunnel({ type, port, flags }: NonNullable<JsonDestination["tunnel"]>, path: string): Tunnel {
  if (type === "gue" && port === undefined) throw faultAt(`${path}.port`, "is missing");
  if (type !== "gue" && port !== undefined) throw faultAt(`${path}.port`, `a tunnel of the type ${type} has none`);
  if (type === "ipip" && flags !== undefined) throw faultAt(`${path}.flags`, "a tunnel of the type ipip has none");
  const checksum = flags?.[0] ?? defaultTunnel.checksum;
  if (type === "gre" && checksum === "remcsum") throw faultAt(`${path}.flags[0]`, "remcsum is only for gue");
  return { type, port: port ?? defaultTunnel.port, checksum };
}

function fromJsonDaemon(json: JsonDaemon, path: string): Daemon {
  const group = json.mcast_group === undefined ? undefined : multicastGroup(json.mcast_group, `${path}.mcast_group`);
  return {
    state: json.state,
    interface: json.interface,
    syncId: json.syncid,
    ...(json.sync_maxlen !== undefined && { syncMaxLength: json.sync_maxlen }),
    ...(group !== undefined && { multicastGroup: group }),
    ...(json.mcast_port !== undefined && { multicastPort: json.mcast_port }),
    ...(json.mcast_ttl !== undefined && { multicastTtl: json.mcast_ttl }),
  };
}

function multicastGroup(text: string, path: string): string {
  const address = canonicalAddress(text, familyOf(text), path);
  if (!/^(ff..:|2(2[4-9]|3\d)\.)/.test(address)) throw faultAt(path, "must be a multicast address");
  return address;
}

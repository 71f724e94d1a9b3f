/**
 * From what a document holds to what it configures, with the checks that concern more than one field of it. The objects read are
 * new and nobody else's: services and servers are completed in place, which saves a large document half its garbage.
 */
import { formatAddress, parseAddress } from "../../model/address.js";
import { defaultServiceSettings, defaultTunnel, wholeAddress } from "../../model/defaults.js";
import type { DesiredService, DesiredState } from "../../model/desired.js";
import { familyOf } from "../../model/identity.js";
import { findDesiredFaults } from "../../model/input/desired-faults.js";
import { netmaskOf, prefixLengthOf } from "../../model/netmask.js";
import { findFlag, isFlagOf } from "../../model/scheduler-flags.js";
import type { Daemon, Destination, Family, SchedulerFlag, Tunnel } from "../../model/table.js";
import { documentKind } from "./document.js";
import { DocumentError } from "./document-error.js";
import { isObject, type JsonValue, quote } from "./parse-json.js";
import type { ReadDestination, ReadOfKind, ReadService } from "./service-kinds.js";

/** Checks a whole document and takes its configuration. Throws a DocumentError for the first fault. */
export function fromDocument(value: JsonValue): DesiredState {
  const read = documentKind.read(value, "");
  if (read.services !== undefined && isOfProc(value)) {
    const advice = "has no thresholds, tunnels and flags; list it again with privileges";
    throw new DocumentError(`what was read from /proc without privileges ${advice}`, "ipvs.source");
  }
  if (read.services === undefined && read.timeouts === undefined && read.daemons === undefined) {
    throw new DocumentError("the document has no services, timeouts or daemons");
  }
  return checkedState(read);
}

/** Whether the header says so. What is absent in such a document is not known, and would be taken for a default. */
function isOfProc(document: JsonValue): boolean {
  const header = isObject(document) ? document.ipvs : undefined;
  return header !== undefined && isObject(header) && header.source === "proc";
}

/** Checks the parts of a document together. Throws a DocumentError for the first fault. */
function checkedState(read: ReadState): DesiredState {
  const desired = toState(read);
  for (const { path, fault } of findDesiredFaults(desired)) throw new DocumentError(fault, path);
  return desired;
}

/**
 * The parts of a document, each checked by itself, with paths that begin with `prefix`. A table that other programs made can
 * have what no document may ask for. Throws a DocumentError for the first fault.
 */
export function toState({ services, timeouts, daemons }: ReadState, prefix = ""): DesiredState {
  const at = (part: keyof ReadState, index: number) => `${prefix}${part}[${index}]`;
  return {
    ...(services && { services: services.map((service, index) => checkedService(service, at("services", index))) }),
    ...(timeouts && { timeouts }),
    ...(daemons && { daemons: daemons.map((daemon, index) => checkedDaemon(daemon, at("daemons", index))) }),
  };
}

type ReadState = Partial<Pick<ReadOfKind<typeof documentKind>, "services" | "timeouts" | "daemons">>;

function checkedService(read: ReadService, path: string): DesiredService {
  const { schedulerFlags, persistent, engine: unusedEngine, destinations, ...rest } = read;
  const key =
    "address" in rest ? { ...rest, address: canonicalAddress(rest.address, rest.family, `${path}.address`) } : rest;
  if (persistent && unusedEngine !== undefined) throw new DocumentError("belongs in persistent", `${path}.pe`);
  const engine = persistent?.engine ?? unusedEngine;
  const service = {
    ...key,
    schedulerFlags: checkedFlags(schedulerFlags, key.scheduler, `${path}.sched_flags`),
    persistent: persistent !== undefined,
    timeout: persistent?.timeout ?? defaultServiceSettings.timeout,
    netmask: checkedNetmask(persistent ?? {}, key.family, `${path}.persistent`),
    ...(engine !== undefined && { engine }),
  };
  const checked = destinations.map((destination, index) =>
    checkedDestination(destination, `${path}.destinations[${index}]`),
  );
  return { service, destinations: checked };
}

function canonicalAddress(text: string, family: Family, path: string): string {
  try {
    return formatAddress(family, parseAddress(family, text));
  } catch {
    throw new DocumentError(`must be an ${family === "inet" ? "IPv4" : "IPv6"} address, not ${quote(text)}`, path);
  }
}

function checkedFlags(names: readonly string[], scheduler: string, path: string): SchedulerFlag[] {
  const found = new Set<SchedulerFlag>();
  for (const [index, name] of names.entries()) {
    const known = findFlag(name);
    if (known === undefined || !isFlagOf(scheduler, name)) {
      throw new DocumentError(`${name} is no flag of the scheduler ${scheduler}`, `${path}[${index}]`);
    }
    if (found.has(known.flag)) throw new DocumentError(`${name} is given twice`, `${path}[${index}]`);
    found.add(known.flag);
  }
  return [...found].sort();
}

type ReadNetmask = Pick<NonNullable<ReadService["persistent"]>, "netmask" | "prefixLength">;

function checkedNetmask({ netmask, prefixLength }: ReadNetmask, family: Family, path: string): string | number {
  if (family === "inet6") {
    if (netmask !== undefined) throw new DocumentError("an inet6 service has a prefixlen only", `${path}.netmask`);
    if (prefixLength === 0) throw new DocumentError("must be an integer from 1 to 128", `${path}.prefixlen`);
    return prefixLength ?? wholeAddress("inet6");
  }
  if (prefixLength !== undefined && prefixLength > 32) {
    throw new DocumentError("must be an integer from 0 to 32", `${path}.prefixlen`);
  }
  if (netmask === undefined) return netmaskOf(prefixLength ?? 32);
  const mask = canonicalAddress(netmask, family, `${path}.netmask`);
  if (prefixLength !== undefined && prefixLength !== prefixLengthOf(mask)) {
    throw new DocumentError(`does not agree with the netmask ${mask}`, `${path}.prefixlen`);
  }
  return mask;
}

function checkedDestination(read: ReadDestination, path: string): Destination {
  if (read.tunnel && read.forward !== "tunnel") {
    throw new DocumentError(`conflicts with the forward ${read.forward}`, `${path}.tunnel`);
  }
  return Object.assign(read, {
    address: canonicalAddress(read.address, read.family, `${path}.address`),
    tunnel: read.tunnel ? checkedTunnel(read.tunnel, `${path}.tunnel`) : defaultTunnel,
  });
}

function checkedTunnel(read: NonNullable<ReadDestination["tunnel"]>, path: string): Tunnel {
  const { type, port, checksum } = read;
  if (type === "gue" && port === undefined) throw new DocumentError("is missing", `${path}.port`);
  if (type !== "gue" && port !== undefined) {
    throw new DocumentError(`a tunnel of the type ${type} has none`, `${path}.port`);
  }
  if (type === "ipip" && checksum !== undefined) {
    throw new DocumentError("a tunnel of the type ipip has none", `${path}.flags`);
  }
  if (type === "gre" && checksum === "remcsum") {
    throw new DocumentError("remcsum is only for gue", `${path}.flags[0]`);
  }
  return { ...defaultTunnel, ...read };
}

function checkedDaemon({ multicastGroup: group, ...daemon }: Daemon, path: string): Daemon {
  if (group === undefined) return daemon;
  const multicastGroup = canonicalAddress(group, familyOf(group), `${path}.mcast_group`);
  if (!/^(ff..:|2(2[4-9]|3\d)\.)/.test(multicastGroup)) {
    throw new DocumentError("must be a multicast address", `${path}.mcast_group`);
  }
  return { ...daemon, multicastGroup };
}

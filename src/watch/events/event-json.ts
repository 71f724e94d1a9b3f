import type { JsonObject, JsonValue } from "../../format/json/parse-json.js";
import { renderValue } from "../../format/json/render-json.js";
import { toJsonFlags, toJsonNetmask, toJsonRates, toJsonStats, toJsonTunnel } from "../../format/json/to-document.js";
import { compareText, destinationSortKey, serviceSortKey } from "../../model/order.js";
import { type DestinationKey, isMarkService, type ServiceKey } from "../../model/table.js";
import type { Measurement } from "../reading/details.js";
import type { Reading } from "../reading/reader.js";
import type { DestinationFacts, ServiceFacts, WatchedDestination, WatchedService } from "../reading/watched-table.js";

/** What a field was and is; absent where there was nothing, is nothing, or it is not known. */
export interface FieldChange {
  readonly old?: JsonValue;
  readonly new?: JsonValue;
}

type Known = Readonly<Record<string, JsonValue | undefined>>;

/** Without the fields that are not known. */
function known(fields: Known): JsonObject {
  const object: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) object[name] = value;
  return object;
}

export function serviceKeyJson(key: ServiceKey): JsonObject {
  if (isMarkService(key)) return { family: key.family, fwmark: key.fwmark };
  const { family, protocol, address, port } = key;
  return { family, protocol, address, port };
}

export function destinationKeyJson({ family, address, port }: DestinationKey): JsonObject {
  return { family, address, port };
}

function serviceFactsJson(facts: ServiceFacts): JsonObject {
  const { scheduler, schedulerFlags, onePacket, persistent, timeout, netmask, engine } = facts;
  return known({
    scheduler,
    sched_flags: schedulerFlags && toJsonFlags(scheduler, schedulerFlags),
    ops: onePacket,
    persistent: persistent
      ? known({ timeout, ...(netmask !== undefined && toJsonNetmask(netmask)), pe: engine })
      : undefined,
    pe: persistent ? undefined : engine,
  });
}

function destinationFactsJson(facts: DestinationFacts): JsonObject {
  const { forward, weight, upperThreshold, lowerThreshold, tunnel } = facts;
  return known({
    forward,
    weight,
    upper_threshold: upperThreshold,
    lower_threshold: lowerThreshold,
    tunnel: tunnel && known({ ...toJsonTunnel(tunnel) }),
  });
}

function measuredJson(measurement: Measurement | undefined): JsonObject {
  if (measurement === undefined) return {};
  return {
    stats: known({ ...toJsonStats(measurement.counters) }),
    rates: known({ ...toJsonRates(measurement.rates) }),
  };
}

/** The table as a document has it, without what is not known: sorted as listings are, or in the kernel's order. */
export function tableJson({ table, measurements }: Reading, sorted: boolean): JsonObject[] {
  const services = sorted
    ? [...table].sort(([, one], [, other]) => compareText(serviceSortKey(one.key), serviceSortKey(other.key)))
    : [...table];
  return services.map(([identity, { key, facts, destinations }]) => ({
    ...serviceKeyJson(key),
    ...serviceFactsJson(facts),
    ...measuredJson(measurements.get(identity)),
    destinations: sortedDestinations(destinations, sorted).map(([name, destination]) =>
      destinationJson(destination, measurements.get(`${identity} ${name}`)),
    ),
  }));
}

function sortedDestinations(
  destinations: WatchedService["destinations"],
  sorted: boolean,
): (readonly [string, WatchedDestination])[] {
  if (!sorted) return [...destinations];
  const compare = (one: WatchedDestination, other: WatchedDestination) =>
    compareText(destinationSortKey(one.key), destinationSortKey(other.key));
  return [...destinations].sort(([, one], [, other]) => compare(one, other));
}

/** /proc writes a count that is below zero for a moment with its sign; documents have it as netlink tells it, unsigned. */
function destinationJson(destination: WatchedDestination, measurement: Measurement | undefined): JsonObject {
  return known({
    ...destinationKeyJson(destination.key),
    ...destinationFactsJson(destination.facts),
    active_connections: destination.activeConnections >>> 0,
    inactive_connections: destination.inactiveConnections >>> 0,
    persistent_connections: measurement?.persistentConnections,
    ...measuredJson(measurement),
  });
}

/** The fields of a service that differ; without a service before all that are known. */
export function serviceChanges(before: WatchedService | undefined, after: WatchedService): Record<string, FieldChange> {
  const changes = fieldChanges(before && serviceFactsJson(before.facts), serviceFactsJson(after.facts));
  const [oldTicks, newTicks] = [before?.facts.timeoutTicks, after.facts.timeoutTicks];
  const isUnknown = after.facts.timeout === undefined && newTicks !== undefined && oldTicks !== newTicks;
  return isUnknown ? { ...changes, timeout_ticks: fieldChange(oldTicks, newTicks) } : changes;
}

/** The fields of a server that differ; without a server before all that are known. */
export function destinationChanges(
  before: WatchedDestination | undefined,
  after: WatchedDestination,
): Record<string, FieldChange> {
  return fieldChanges(before && destinationFactsJson(before.facts), destinationFactsJson(after.facts));
}

function fieldChanges(before: JsonObject = {}, after: JsonObject): Record<string, FieldChange> {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changed = [...names].filter((name) => textOf(before[name]) !== textOf(after[name]));
  return Object.fromEntries(changed.map((name) => [name, fieldChange(before[name], after[name])]));
}

function fieldChange(before: JsonValue | undefined, after: JsonValue | undefined): FieldChange {
  return { ...(before !== undefined && { old: before }), ...(after !== undefined && { new: after }) };
}

function textOf(value: JsonValue | undefined): string | undefined {
  return value === undefined ? undefined : renderValue(value);
}

import { parseAddress } from "./address.js";
import { type DestinationKey, families, isMarkService, protocols, type ServiceKey } from "./table.js";

const knownSortKeys = new WeakMap<ServiceKey, string>();

/** Text that sorts services as they are listed: by mark, family, protocol, address and port. Remembered for each object. */
export function serviceSortKey(key: ServiceKey): string {
  const text = knownSortKeys.get(key);
  if (text !== undefined) return text;
  const family = families.indexOf(key.family);
  const made = isMarkService(key)
    ? toSortable(key.fwmark, family)
    : toSortable(0, family, protocols.indexOf(key.protocol)) + endpointSortKey(key);
  knownSortKeys.set(key, made);
  return made;
}

/** Text that sorts destinations as they are listed: by family, address and port. */
export function destinationSortKey(key: DestinationKey): string {
  return toSortable(families.indexOf(key.family)) + endpointSortKey(key);
}

function endpointSortKey({ family, address, port }: DestinationKey): string {
  let text = "";
  for (const byte of parseAddress(family, address)) text += byte.toString(16).padStart(2, "0");
  return text + toSortable(port);
}

/** Numbers as text that sorts as they do. */
function toSortable(...numbers: readonly number[]): string {
  return numbers.map((number) => number.toString(16).padStart(8, "0")).join("");
}

export function compareText(first: string, second: string): number {
  return first < second ? -1 : first > second ? 1 : 0;
}

/** The values in the order of a text of each, which is computed once. */
export function sortByKey<T>(values: readonly T[], keyOf: (value: T) => string): T[] {
  return values
    .map((value) => ({ value, key: keyOf(value) }))
    .sort((first, second) => compareText(first.key, second.key))
    .map(({ value }) => value);
}

interface KeyedEntry {
  readonly service: ServiceKey;
  readonly destinations: readonly DestinationKey[];
}

/** The order of ipvsadm's listing, without its slips at distant numbers (see format/text/classic-order.ts). */
export function sortTable<Entry extends KeyedEntry>(entries: readonly Entry[]): Entry[] {
  return sortByKey(entries.map(sortDestinations<Entry>), ({ service }) => serviceSortKey(service));
}

/** A service with its destinations in order. */
export function sortDestinations<Entry extends KeyedEntry>(entry: Entry): Entry {
  return { ...entry, destinations: sortByKey(entry.destinations, destinationSortKey) };
}

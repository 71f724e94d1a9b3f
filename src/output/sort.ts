import { parseAddress } from "../ipvs/address.js";
import { type DestinationSummary, type Family, isMarkService, type Protocol, type TableEntry } from "../ipvs/model.js";

/*
 * The original compares by subtraction of 32-bit numbers, whose sign is wrong for distant ones: 192.168.0.1 stands
 * before 10.0.0.1, and some triples run in a circle. So the order depends on the algorithm too: glibc's qsort,
 * a stable merge sort, top-down, the smaller half first.
 */

/** What is compared, most significant first. */
interface SortKey {
  /** Firewall mark, family and protocol of a service. */
  readonly scope: readonly number[];
  /** One word for IPv4, four for IPv6. */
  readonly address: readonly number[];
  readonly port: number;
}

interface Keyed<T> {
  readonly value: T;
  readonly key: SortKey;
}

const FAMILY: Readonly<Record<Family, number>> = { inet: 2, inet6: 10 };
const PROTOCOL: Readonly<Record<Protocol, number>> = { tcp: 6, udp: 17, sctp: 132 };

/** The table in the order ipvsadm lists it: services and the servers of each. */
export function sortTable<Server extends DestinationSummary>(
  entries: readonly TableEntry<Server>[],
): TableEntry<Server>[] {
  return sortBy(entries, serviceKey).map((entry) => sortServers(entry));
}

/** A service with its servers in the order ipvsadm lists them. */
export function sortServers<Server extends DestinationSummary>({
  service,
  destinations,
}: TableEntry<Server>): TableEntry<Server> {
  return { service, destinations: sortBy(destinations, serverKey) };
}

function serviceKey({ service }: TableEntry<DestinationSummary>): SortKey {
  const family = FAMILY[service.family];
  return isMarkService(service)
    ? { scope: [service.fwmark, family], address: [], port: 0 }
    : { scope: [0, family, PROTOCOL[service.protocol]], address: addressWords(service.address), port: service.port };
}

function serverKey({ address, port }: DestinationSummary): SortKey {
  return { scope: [], address: addressWords(address), port };
}

/** An address as 32-bit words: one for IPv4, four for IPv6. */
function addressWords(address: string): number[] {
  if (!address.includes(":")) return [address.split(".").reduce((word, octet) => word * 256 + Number(octet), 0)];
  const bytes = new DataView(parseAddress("inet6", address).buffer);
  return [0, 4, 8, 12].map((offset) => bytes.getUint32(offset));
}

function compare(first: SortKey, second: SortKey): number {
  return difference(first.scope, second.scope) || difference(first.address, second.address) || first.port - second.port;
}

/**
 * The first of two lists decides how many numbers are compared: of an IPv4 server before an IPv6 one only the first
 * word, the other way round all four, of which IPv4 has three zeros.
 */
function difference(first: readonly number[], second: readonly number[]): number {
  for (const [index, value] of first.entries()) {
    const difference = (value - (second[index] ?? 0)) | 0;
    if (difference !== 0) return difference;
  }
  return 0;
}

function sortBy<T>(values: readonly T[], keyOf: (value: T) => SortKey): T[] {
  return mergeSort(values.map((value) => ({ value, key: keyOf(value) }))).map(({ value }) => value);
}

function mergeSort<T>(values: readonly Keyed<T>[]): readonly Keyed<T>[] {
  if (values.length < 2) return values;
  const middle = Math.floor(values.length / 2);
  const first = mergeSort(values.slice(0, middle));
  const second = mergeSort(values.slice(middle));
  const merged: Keyed<T>[] = [];
  let position = 0;
  for (const left of first) {
    for (
      let right = second[position];
      right !== undefined && compare(left.key, right.key) > 0;
      right = second[position]
    ) {
      merged.push(right);
      position++;
    }
    merged.push(left);
  }
  return merged.concat(second.slice(position));
}

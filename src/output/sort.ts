import { parseAddress } from "../ipvs/address.js";
import { type DestinationSummary, type Family, isMarkService, type Protocol, type TableEntry } from "../ipvs/model.js";

/*
 * The original compares by subtraction of 32-bit numbers, whose sign is wrong for distant ones: 192.168.0.1 stands
 * before 10.0.0.1, and some triples run in a circle. So the order depends on the algorithm too: glibc's qsort,
 * a stable merge sort, top-down, the smaller half first.
 */

/** What is compared, most significant first. */
interface SortKey {
  /** Firewall mark, family and protocol of a service; the address: one word for IPv4, four for IPv6. */
  readonly words: readonly number[];
  readonly port: number;
}

interface Keyed<T> {
  readonly value: T;
  readonly key: SortKey;
}

const FAMILY: Readonly<Record<Family, number>> = { inet: 2, inet6: 10 };
const PROTOCOL: Readonly<Record<Protocol, number>> = { tcp: 6, udp: 17, sctp: 132 };

/** The table in the order ipvsadm lists it: services and the servers of each. */
export function* sortTable<Server extends DestinationSummary>(
  entries: readonly TableEntry<Server>[],
): Generator<TableEntry<Server>> {
  for (const entry of sortBy(entries, serviceKey)) yield sortServers(entry);
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
  if (isMarkService(service)) return { words: [service.fwmark, family], port: 0 };
  const { address, port, protocol } = service;
  return { words: [0, family, PROTOCOL[protocol], ...addressWords(address)], port };
}

function serverKey({ address, port }: DestinationSummary): SortKey {
  return { words: addressWords(address), port };
}

function addressWords(address: string): number[] {
  if (!address.includes(":")) return [ipv4Word(address)];
  const bytes = new DataView(parseAddress("inet6", address).buffer);
  return [0, 4, 8, 12].map((offset) => bytes.getUint32(offset));
}

function ipv4Word(address: string): number {
  let word = 0;
  let octet = 0;
  for (let index = 0; index < address.length; index++) {
    const code = address.charCodeAt(index);
    if (code === 0x2e) {
      word = word * 256 + octet;
      octet = 0;
    } else {
      octet = octet * 10 + code - 0x30;
    }
  }
  return word * 256 + octet;
}

/**
 * The first of two lists decides how many words are compared: of an IPv4 server before an IPv6 one only the first word,
 * the other way round all four, of which IPv4 has three zeros.
 */
function compare(first: SortKey, second: SortKey): number {
  for (let index = 0; index < first.words.length; index++) {
    const difference = ((first.words[index] ?? 0) - (second.words[index] ?? 0)) | 0;
    if (difference !== 0) return difference;
  }
  return first.port - second.port;
}

function sortBy<T>(values: readonly T[], keyOf: (value: T) => SortKey): T[] {
  const keyed = values.map((value) => ({ value, key: keyOf(value) }));
  return mergeSort(keyed, 0, keyed.length).map(({ value }) => value);
}

function mergeSort<T>(values: readonly Keyed<T>[], start: number, end: number): readonly Keyed<T>[] {
  if (end - start < 2) return values.slice(start, end);
  const middle = start + Math.floor((end - start) / 2);
  const first = mergeSort(values, start, middle);
  const second = mergeSort(values, middle, end);
  const merged: Keyed<T>[] = [];
  let position = 0;
  for (const left of first) {
    let right = second[position];
    while (right !== undefined && compare(left.key, right.key) > 0) {
      merged.push(right);
      right = second[++position];
    }
    merged.push(left);
  }
  return position < second.length ? merged.concat(second.slice(position)) : merged;
}

import { parseAddress } from "../../model/address.js";
import { largestInteger } from "../../model/limits.js";
import {
  type DestinationSummary,
  type Family,
  isMarkService,
  type Protocol,
  type ServiceKey,
} from "../../model/table.js";

/*
 * The original compares by subtraction of 32-bit numbers, whose sign is wrong for distant ones: 192.168.0.1 stands
 * before 10.0.0.1, and some triples run in a circle. So the order depends on the algorithm too: glibc's qsort,
 * a stable merge sort, top-down, the smaller half first.
 */

/** What is compared, most significant first. */
interface SortKey {
  /** Of a service: its firewall mark, family and protocol. Of a server, which is compared within a service, 0. */
  readonly fwmark: number;
  readonly family: number;
  readonly protocol: number;
  /** The address, or the first of its four words if it is IPv6. */
  readonly address: number;
  /** The other words. */
  readonly rest: readonly number[];
  readonly port: number;
}

const familyNumbers: Readonly<Record<Family, number>> = { inet: 2, inet6: 10 };
const protocolNumbers: Readonly<Record<Protocol, number>> = { tcp: 6, udp: 17, sctp: 132 };

/** Of a server, and of services. */
const protocolRanks: readonly number[] = [0, ...Object.values(protocolNumbers)];

/** Services in the order ipvsadm lists them. */
export function sortServices<Listed extends ServiceKey>(services: readonly Listed[]): Listed[] {
  return sortByCompareKey(services, serviceCompareKey);
}

/** The same, of services with their servers, which are left as they are. */
export function sortEntries<Entry extends { readonly service: ServiceKey }>(entries: readonly Entry[]): Entry[] {
  return sortByCompareKey(entries, ({ service }) => serviceCompareKey(service));
}

/** Servers in the order ipvsadm lists them. */
export function sortServers<Server extends DestinationSummary>(servers: readonly Server[]): Server[] {
  return sortByCompareKey(servers, (server) => endpointCompareKey(server));
}

/** The other words of an IPv4 address, which has only one. */
const noWords: readonly number[] = [];

function serviceCompareKey(service: ServiceKey): SortKey {
  const family = familyNumbers[service.family];
  if (isMarkService(service))
    return { fwmark: service.fwmark, family, protocol: 0, address: 0, rest: noWords, port: 0 };
  return endpointCompareKey(service, family, protocolNumbers[service.protocol]);
}

function endpointCompareKey(
  { address, port }: { readonly address: string; readonly port: number },
  family = 0,
  protocol = 0,
): SortKey {
  if (!address.includes(":")) return { fwmark: 0, family, protocol, address: ipv4Word(address), rest: noWords, port };
  const [first = 0, ...rest] = ipv6Words(address);
  return { fwmark: 0, family, protocol, address: first, rest, port };
}

function ipv6Words(address: string): number[] {
  const bytes = new DataView(parseAddress("inet6", address).buffer);
  return [0, 4, 8, 12].map((offset) => bytes.getUint32(offset));
}

function ipv4Word(address: string): number {
  const octets = address.split(".");
  return ((Number(octets[0]) * 256 + Number(octets[1])) * 256 + Number(octets[2])) * 256 + Number(octets[3]);
}

/**
 * The first of two lists decides how many words are compared: of an IPv4 server before an IPv6 one only the first word,
 * the other way round all four, of which IPv4 has three zeros.
 */
function compare(first: SortKey, second: SortKey): number {
  return (
    (first.fwmark - second.fwmark) | 0 ||
    first.family - second.family ||
    first.protocol - second.protocol ||
    (first.address - second.address) | 0 ||
    compareWords(first.rest, second.rest) ||
    first.port - second.port
  );
}

function compareWords(first: readonly number[], second: readonly number[]): number {
  for (let index = 0; index < first.length; index++) {
    const difference = ((first[index] ?? 0) - (second[index] ?? 0)) | 0;
    if (difference !== 0) return difference;
  }
  return 0;
}

function sortByCompareKey<T>(values: readonly T[], keyOf: (value: T) => SortKey): T[] {
  const keyed = values.map((value) => ({ value, key: keyOf(value) }));
  const ranked = sortNear(keyed);
  if (ranked !== undefined) return ranked;
  sortPart(keyed, [...keyed], 0, keyed.length, (first, second) => compare(first.key, second.key));
  return keyed.map(({ value }) => value);
}

/**
 * The same by one number each, where all are IPv4 addresses so close together that their differences have their true sign,
 * which is when the algorithm does not matter. Undefined otherwise, and where two have the same number.
 */
function sortNear<T>(keyed: readonly { readonly value: T; readonly key: SortKey }[]): T[] | undefined {
  let [lowest, highest] = [keyed[0]?.key.address ?? 0, 0];
  const byRank = new Map<number, T>();
  for (const { value, key } of keyed) {
    if (key.fwmark !== 0 || key.rest.length > 0) return undefined;
    const rank = protocolRanks.indexOf(key.protocol) * 2 ** 48 + key.address * 2 ** 16 + key.port;
    byRank.set(rank, value);
    if (key.address < lowest) lowest = key.address;
    if (key.address > highest) highest = key.address;
  }
  if (byRank.size < keyed.length || highest - lowest > largestInteger) return undefined;
  return Array.from(Float64Array.from(byRank.keys()).sort(), (rank) => byRank.get(rank) as T);
}

/** Sorts a part of `values` in place, as glibc's qsort does; the same part of `scratch` may be overwritten. */
function sortPart<T>(
  values: T[],
  scratch: T[],
  start: number,
  end: number,
  comparison: (first: T, second: T) => number,
): void {
  if (end - start < 2) return;
  const middle = start + ((end - start) >> 1);
  sortPart(values, scratch, start, middle, comparison);
  sortPart(values, scratch, middle, end, comparison);
  for (let index = start; index < middle; index++) scratch[index] = values[index] as T;
  let left = start;
  let right = middle;
  for (let index = start; left < middle; index++) {
    const takesRight = right < end && comparison(scratch[left] as T, values[right] as T) > 0;
    values[index] = takesRight ? (values[right++] as T) : (scratch[left++] as T);
  }
}

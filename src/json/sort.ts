import { parseAddress } from "../ipvs/address.js";
import { type Family, isMarkService, type Protocol, type TableEntry } from "../ipvs/model.js";

const FAMILIES: readonly Family[] = ["inet", "inet6"];
const PROTOCOLS: readonly Protocol[] = ["tcp", "udp", "sctp"];

/** The order of the text listing - mark, family, protocol, address, port - without its slips at distant numbers. */
export function sortForJson(entries: readonly TableEntry[]): TableEntry[] {
  return sortByKey(entries.map(sortDestinations), ({ service }) => {
    const family = FAMILIES.indexOf(service.family);
    if (isMarkService(service)) return wordKey(service.fwmark, family);
    const protocol = PROTOCOLS.indexOf(service.protocol);
    return wordKey(0, family, protocol) + endpointKey(service.family, service.address, service.port);
  });
}

/** A service with its servers in the order of address and port. */
export function sortDestinations({ service, destinations }: TableEntry): TableEntry {
  const sorted = sortByKey(destinations, ({ family, address, port }) => {
    return wordKey(FAMILIES.indexOf(family)) + endpointKey(family, address, port);
  });
  return { service, destinations: sorted };
}

/** Numbers as text that compares as they do. */
function wordKey(...words: readonly number[]): string {
  return words.map((word) => word.toString(16).padStart(8, "0")).join("");
}

function endpointKey(family: Family, address: string, port: number): string {
  return Buffer.from(parseAddress(family, address)).toString("hex") + wordKey(port);
}

function sortByKey<T>(values: readonly T[], keyOf: (value: T) => string): T[] {
  return values
    .map((value) => ({ value, key: keyOf(value) }))
    .sort((first, second) => (first.key < second.key ? -1 : first.key > second.key ? 1 : 0))
    .map(({ value }) => value);
}

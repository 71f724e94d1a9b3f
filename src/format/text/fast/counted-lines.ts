import {
  type Count,
  type CountedServers,
  type CountedService,
  type CountKind,
  countNames,
} from "../../../model/fast/counts.js";
import { largestInteger } from "../../../model/limits.js";
import { renderCount } from "../counter-text.js";
import type { ListFormat } from "../list-format.js";
import { renderListedService } from "../listing.js";
import { numericNames } from "../shown-names.js";
import { nameWidth, serverArrow, serviceNameWidth } from "../views.js";

/*
 * The fast path of listing.ts for the views of counters and rates, numeric: services and servers become lines by their
 * numbers, without objects.
 */

/** The kind of a view that shows five counts. */
export function countKindOf({ view }: ListFormat): CountKind | undefined {
  return view === "stats" ? "counters" : view === "rate" ? "rates" : undefined;
}

/** Names that are remembered at a time. */
const mostServerNames = 4096;

/** Names by the keys of servers, which come again in each of their services. */
const serverNames = new Map<number, string>();

/** The lines of a service and its servers; undefined where numbers alone do not give their order. */
export function renderCountedEntry(
  { service, counts }: CountedService,
  { keys, counts: serverCounts }: CountedServers,
  format: ListFormat,
): string | undefined {
  const indices = format.sorted ? sortedIndices(keys) : undefined;
  if (format.sorted && indices === undefined) return undefined;
  const name = renderListedService(service, numericNames).padEnd(serviceNameWidth);
  const lines = [name + renderCounts(counts, 0, format.exact, format.exact)];
  // The original never scales the connection and packet rates of a server.
  const exactPackets = format.exact || format.view === "rate";
  for (let line = 0; line < keys.length; line++) {
    const index = indices === undefined ? line : (indices[line] as number);
    const key = keys[index] as number;
    const name = serverNames.get(key) ?? nameServer(key);
    lines.push(name + renderCounts(serverCounts, index * countNames.length, exactPackets, format.exact));
  }
  return lines.join("\n");
}

/** Five counts from `first` on: of connections and packets, and then of bytes. */
function renderCounts(counts: readonly Count[], first: number, exactPackets: boolean, exactBytes: boolean): string {
  return (
    renderCount(counts[first] as Count, exactPackets) +
    renderCount(counts[first + 1] as Count, exactPackets) +
    renderCount(counts[first + 2] as Count, exactPackets) +
    renderCount(counts[first + 3] as Count, exactBytes) +
    renderCount(counts[first + 4] as Count, exactBytes)
  );
}

function nameServer(key: number): string {
  if (serverNames.size === mostServerNames) serverNames.clear();
  const address = Math.floor(key / 0x10000);
  const octets = [address >>> 24, (address >>> 16) & 255, (address >>> 8) & 255, address & 255];
  const name = serverArrow + `${octets.join(".")}:${key % 0x10000}`.padEnd(nameWidth);
  serverNames.set(key, name);
  return name;
}

/**
 * The indices of keys in the order of every listing. Differences of addresses are signed 32-bit numbers: undefined where
 * they may not have their true sign, and where two keys are equal, which a kernel does not have.
 */
function sortedIndices(keys: readonly number[]): number[] | undefined {
  const indices: number[] = [];
  // The kernel lists servers that were added in order the other way round.
  const isReversed = keys.length > 1 && (keys[0] as number) > (keys[1] as number);
  for (let index = 0, last = keys.length - 1; index <= last; index++) indices.push(isReversed ? last - index : index);
  if (!isAscending(keys, indices)) {
    indices.sort((first, second) => (keys[first] as number) - (keys[second] as number));
    if (!isAscending(keys, indices)) return undefined;
  }
  const [lowest = 0, highest = 0] = [keys[indices[0] ?? 0], keys[indices.at(-1) ?? 0]];
  return Math.floor(highest / 0x10000) - Math.floor(lowest / 0x10000) > largestInteger ? undefined : indices;
}

function isAscending(keys: readonly number[], indices: readonly number[]): boolean {
  let before = -1;
  for (let index = 0; index < indices.length; index++) {
    const key = keys[indices[index] as number] as number;
    if (key <= before) return false;
    before = key;
  }
  return true;
}

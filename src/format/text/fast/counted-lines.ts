import {
  type Count,
  type CountedServers,
  type CountedService,
  type CountKind,
  countNames,
} from "../../../model/fast/counts.js";
import { largestInteger } from "../../../model/limits.js";
import type { ListFormat } from "../list-format.js";
import { renderListedService } from "../listing.js";
import { numericNames } from "../shown-names.js";
import { nameWidth, numberFormat, serverArrow, serviceNameWidth } from "../views.js";

/*
 * The fast path of listing.ts for the views of counters and rates, numeric: services and servers become lines by their
 * numbers, without objects.
 */

/** The kind of a view that shows five counts. */
export function countKindOf({ view }: ListFormat): CountKind | undefined {
  return view === "stats" ? "counters" : view === "rate" ? "rates" : undefined;
}

/** Numbers below this are shown whole, exact or not. */
const smallestLarge = 100_000_000;
const countWidth = 9;
/** Texts that are remembered at a time. */
const mostServerNames = 4096;

/** Columns of the smallest numbers, which are most, and names by their number: they come again and again. */
const smallest = 256;
let smallColumns: readonly string[] | undefined;
const serverNames = new Map<number, string>();

type RenderLarge = ReturnType<typeof numberFormat>;

/** A number in nine columns; one that may need more as the general path shows it. */
function renderCount(value: Count, renderLarge: RenderLarge): string {
  smallColumns ??= Array.from({ length: smallest }, (_, number) => String(number).padStart(countWidth));
  if (value < smallest) return smallColumns[value as number] as string;
  return value < smallestLarge ? String(value).padStart(countWidth) : renderLarge(BigInt(value));
}

/** Five counts from `first` on: connections and packets, and bytes. */
function renderCounts(counts: readonly Count[], first: number, packets: RenderLarge, bytes: RenderLarge): string {
  return (
    renderCount(counts[first] as Count, packets) +
    renderCount(counts[first + 1] as Count, packets) +
    renderCount(counts[first + 2] as Count, packets) +
    renderCount(counts[first + 3] as Count, bytes) +
    renderCount(counts[first + 4] as Count, bytes)
  );
}

export function renderCountedService({ service, counts }: CountedService, { exact }: ListFormat): string {
  const name = renderListedService(service, numericNames).padEnd(serviceNameWidth);
  return name + renderCounts(counts, 0, numberFormat(exact), numberFormat(exact));
}

/** The lines of the servers of a service; undefined where numbers alone do not give their order. */
export function renderCountedServers(servers: CountedServers, format: ListFormat): string[] | undefined {
  const { addresses, ports, counts } = servers;
  const keys = addresses.map((address, index) => address * 0x10000 + (ports[index] as number));
  const indices = format.sorted ? sortedIndices(keys) : undefined;
  if (format.sorted && indices === undefined) return undefined;
  // The original never scales the connection and packet rates of a server.
  const packets = numberFormat(format.exact || format.view === "rate");
  const bytes = numberFormat(format.exact);
  const lines: string[] = [];
  for (let line = 0; line < keys.length; line++) {
    const index = indices === undefined ? line : (indices[line] as number);
    const key = keys[index] as number;
    lines[line] =
      (serverNames.get(key) ?? nameServer(key)) + renderCounts(counts, index * countNames.length, packets, bytes);
  }
  return lines;
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
  const indices = Array.from(keys.keys());
  // The kernel lists servers that were added in order the other way round.
  if (!isAscending(keys, indices)) indices.reverse();
  if (!isAscending(keys, indices)) indices.sort((first, second) => (keys[first] as number) - (keys[second] as number));
  const [lowest = 0, highest = 0] = [keys[indices[0] ?? 0], keys[indices.at(-1) ?? 0]];
  if (Math.floor(highest / 0x10000) - Math.floor(lowest / 0x10000) > largestInteger) return undefined;
  return isAscending(keys, indices) ? indices : undefined;
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

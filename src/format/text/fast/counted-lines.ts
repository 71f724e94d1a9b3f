import {
  type Count,
  type CountedServers,
  type CountedService,
  type CountKind,
  countNames,
} from "../../../model/fast/counts.js";
import { largestInteger } from "../../../model/limits.js";
import { scaleOf, smallestLarge } from "../counter-text.js";
import type { ListFormat } from "../list-format.js";
import { renderListedService } from "../listing.js";
import { numericNames } from "../shown-names.js";
import { serverArrow, serviceNameWidth } from "../views.js";
import { blank, newline, writeEndpoint, writeText, zero } from "./ascii.js";

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
const serverNames = new Map<number, Uint8Array>();

const countWidth = 9;
/** Of a number of 64 bits, and the blank before it. */
const longestNumber = 21;
/** That of a service: `SCTP [`, an IPv6 address, `]:65535`. */
const longestServiceName = 6 + 39 + 7;
const longestCountLine = longestServiceName + countNames.length * longestNumber + 1;

/** The lines of a service and its servers; undefined where numbers alone do not give their order. */
export function renderCountedEntry(
  { service, counts }: CountedService,
  { keys, counts: serverCounts }: CountedServers,
  format: ListFormat,
): Uint8Array | undefined {
  const indices = format.sorted ? sortedIndices(keys) : undefined;
  if (format.sorted && indices === undefined) return undefined;
  const lines = new Uint8Array((keys.length + 1) * longestCountLine).fill(blank);
  let end = writeText(lines, 0, renderListedService(service, numericNames).padEnd(serviceNameWidth));
  end = writeCounts(lines, end, counts, 0, format.exact, format.exact);
  // The original never scales the connection and packet rates of a server.
  const exactPackets = format.exact || format.view === "rate";
  for (let line = 0; line < keys.length; line++) {
    const index = indices === undefined ? line : (indices[line] as number);
    const key = keys[index] as number;
    const name = serverNames.get(key) ?? nameServer(key);
    lines.set(name, end);
    end = writeCounts(lines, end + name.length, serverCounts, index * countNames.length, exactPackets, format.exact);
  }
  return lines.slice(0, end);
}

/** Writes five counts from `first` on, connections and packets and then bytes, and ends the line. */
function writeCounts(
  line: Uint8Array,
  offset: number,
  counts: readonly Count[],
  first: number,
  exactPackets: boolean,
  exactBytes: boolean,
): number {
  let end = writeCount(line, offset, counts[first] as Count, exactPackets);
  end = writeCount(line, end, counts[first + 1] as Count, exactPackets);
  end = writeCount(line, end, counts[first + 2] as Count, exactPackets);
  end = writeCount(line, end, counts[first + 3] as Count, exactBytes);
  end = writeCount(line, end, counts[first + 4] as Count, exactBytes);
  line[end] = newline;
  return end + 1;
}

/** The digits of the numbers below 1,000. */
const digits = new Uint8Array(3000);
for (let number = 0; number < 1000; number++) {
  digits[3 * number] = zero + ((number / 100) | 0);
  digits[3 * number + 1] = zero + (((number / 10) | 0) % 10);
  digits[3 * number + 2] = zero + (number % 10);
}

/** Writes a number in nine columns, or in more where they are needed. */
function writeCount(line: Uint8Array, offset: number, value: Count, exact: boolean): number {
  const end = offset + countWidth;
  if (value < smallestLarge) {
    writeDigits(line, end, value as number);
    return end;
  }
  if (exact) return writeText(line, offset, ` ${value}`);
  const { unit, suffix } = scaleOf(value);
  // The quotient of two numbers might be rounded up.
  const multiple = typeof value === "bigint" ? Number(value / BigInt(unit)) : (value - (value % unit)) / unit;
  writeDigits(line, end - 1, multiple);
  line[end - 1] = suffix.charCodeAt(0);
  return end;
}

/** Writes a number so that it ends there. What is before it is blank already. */
function writeDigits(line: Uint8Array, end: number, value: number): void {
  let place = end;
  let rest = value;
  while (rest >= 1000) {
    const thousands = (rest / 1000) | 0;
    const from = 3 * (rest - 1000 * thousands);
    line[place - 1] = digits[from + 2] as number;
    line[place - 2] = digits[from + 1] as number;
    line[place - 3] = digits[from] as number;
    place -= 3;
    rest = thousands;
  }
  const from = 3 * rest;
  line[place - 1] = digits[from + 2] as number;
  if (rest >= 10) line[place - 2] = digits[from + 1] as number;
  if (rest >= 100) line[place - 3] = digits[from] as number;
}

function nameServer(key: number): Uint8Array {
  if (serverNames.size === mostServerNames) serverNames.clear();
  const name = new Uint8Array(serviceNameWidth).fill(blank);
  const end = writeText(name, 0, serverArrow);
  writeEndpoint(name, end, Math.floor(key / 0x10000), key % 0x10000);
  serverNames.set(key, name);
  return name;
}

/**
 * The indices of keys in the order of every listing. Differences of addresses are signed 32-bit numbers: undefined where
 * they may not have their true sign, and where two keys are equal, which a kernel does not have.
 */
function sortedIndices(keys: readonly number[]): readonly number[] | undefined {
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

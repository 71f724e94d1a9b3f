import { parseAddress } from "../../model/address.js";
import { longestPrefix } from "../../model/limits.js";
import type { AddressRange } from "../../model/selection/address-range.js";
import type { ConnectionFilter, SecondsRange } from "../../model/selection/connection-filter.js";
import { templateStates } from "../../model/selection/connection-traits.js";
import { type Family, isMarkService, type ServiceKey } from "../../model/table.js";
import {
  bytesOfWord,
  type ConnectionRow,
  destinationEnd,
  markBytes,
  sourceEnd,
  virtualEnd,
} from "../../proc/fast/connection-row.js";

/** A filter for rows, before they become objects; `matchesConnection` is the same for objects. */
export type RowFilter = (row: ConnectionRow) => boolean;

/** The condition for a service: the protocol, and where the address or the mark has to be. */
interface ServiceTest {
  readonly protocol: Uint8Array;
  readonly range: RangeTest;
}

/** The words of an address and which of their bits count; port -1 means any. */
interface RangeTest {
  readonly family: number;
  readonly words: Int32Array;
  readonly masks: Int32Array;
  readonly port: number;
}

const anyPort = -1;

/** The filter for rows. */
export function compileFilter(filter: ConnectionFilter): RowFilter {
  const tests = [...testsOf(filter)];
  const [first, second] = tests;
  // Most filters have one condition or two.
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  if (tests.length === 2) return (row) => first(row) && second(row);
  return (row) => {
    for (const test of tests) if (!test(row)) return false;
    return true;
  };
}

function* testsOf(filter: ConnectionFilter): Generator<RowFilter> {
  const { protocols, states, notStates, expires, origins, engines, templates } = filter;
  if (protocols.length > 0) {
    const words = protocols.map(bytesOfWord);
    yield (row) => words.some((word) => row.hasProtocol(word));
  }
  if (states.length > 0) {
    const words = states.map(bytesOfWord);
    yield (row) => words.some((word) => row.hasState(word));
  }
  if (notStates.length > 0) {
    const words = notStates.map(bytesOfWord);
    yield (row) => !words.some((word) => row.hasState(word));
  }
  if (filter.clients.length > 0) yield rangeFilter(filter.clients, sourceEnd);
  if (filter.virtuals.length > 0) {
    const isInside = rangeFilter(filter.virtuals, virtualEnd);
    yield (row) => isInside(row) && !row.hasProtocol(markBytes);
  }
  if (filter.services.length > 0) {
    const services = filter.services.map(toServiceTest);
    yield (row) =>
      services.some(({ protocol, range }) => isEndInRange(row, virtualEnd, range) && row.hasProtocol(protocol));
  }
  if (filter.servers.length > 0) yield rangeFilter(filter.servers, destinationEnd);
  if (expires.length > 0) yield (row) => expires.some((range: SecondsRange) => isInTime(row.seconds, range));
  if (templates !== undefined) yield (row) => isTemplateRow(row) === templates;
  if (origins.length > 0) {
    yield (row) => row.origin !== undefined && origins.includes(row.origin);
  }
  // A row that has an engine's data is left to the general path.
  if (engines.length > 0) yield () => false;
}

const templateWords = templateStates.map(bytesOfWord);

/** Whether the row is a persistence template, live or dead. */
function isTemplateRow(row: ConnectionRow): boolean {
  return row.ports[sourceEnd] === 0 && templateWords.some((word) => row.hasState(word));
}

function isInTime(seconds: number, { from, to }: SecondsRange): boolean {
  return seconds >= from && seconds <= to;
}

function rangeFilter(ranges: readonly AddressRange[], end: number): RowFilter {
  const tests = ranges.map(toRangeTest);
  return (row) => tests.some((test) => isEndInRange(row, end, test));
}

function isEndInRange(row: ConnectionRow, end: number, { family, words, masks, port }: RangeTest): boolean {
  if (row.families[end] !== family || (port !== anyPort && row.ports[end] !== port)) return false;
  for (let index = 0; index < words.length; index++) {
    if ((((row.words[4 * end + index] ?? 0) ^ (words[index] ?? 0)) & (masks[index] ?? 0)) !== 0) return false;
  }
  return true;
}

function toRangeTest({ family, address, prefixLength, port }: AddressRange): RangeTest {
  const words = wordsOf(family, address);
  const masks = words.map((_, index) => maskOfWord(prefixLength, index));
  return { family: rowFamilyOf(family), words, masks, port: port ?? anyPort };
}

/** The bits of one of an address's words that belong to the first `prefixLength` of its bits. */
export function maskOfWord(prefixLength: number, index: number): number {
  const bits = prefixLength - 32 * index;
  // A shift by 32 would be one by 0.
  return bits >= 32 ? -1 : bits <= 0 ? 0 : -1 << (32 - bits);
}

function wordsOf(family: Family, address: string): Int32Array {
  const bytes = parseAddress(family, address);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return Int32Array.from({ length: bytes.length / 4 }, (_, index) => view.getInt32(4 * index));
}

function toServiceTest(service: ServiceKey): ServiceTest {
  if (isMarkService(service)) {
    // A template has the mark in the first word of its address.
    const [family, words] = [rowFamilyOf(service.family), Int32Array.of(service.fwmark)];
    return { protocol: markBytes, range: { family, words, masks: Int32Array.of(-1), port: anyPort } };
  }
  const { family, address, protocol, port } = service;
  return {
    protocol: bytesOfWord(protocol.toUpperCase()),
    range: toRangeTest({ family, address, prefixLength: longestPrefix[family], port: port === 0 ? undefined : port }),
  };
}

function rowFamilyOf(family: Family): number {
  return family === "inet" ? 4 : 6;
}

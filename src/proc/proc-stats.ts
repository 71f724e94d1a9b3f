import type { Counters, Rates } from "../model/table.js";
import { ProcError, ProcFormatError } from "./proc-error.js";
import type { ProcFiles } from "./proc-files.js";

/** The sums over all services, deleted ones included. */
export interface Totals {
  readonly counters: Counters;
  readonly rates: Rates;
}

/** The sums of /proc/net/ip_vs_stats; undefined where they cannot be read, or are not as the kernel writes them. */
export function readKnownTotals(proc: ProcFiles): Totals | undefined {
  try {
    return parseStats(proc.readWhole(totalsFile));
  } catch (error) {
    if (error instanceof ProcError) return undefined;
    throw error;
  }
}

const totalsFile = "ip_vs_stats";
const liveFile = "ip_vs_stats_percpu";

/** Two titles, the counters, an empty line, a title, the rates. */
const countersLine = 2;
const ratesLine = 5;

/** The text of /proc/net/ip_vs_stats, whose numbers are hexadecimal. Throws a ProcFormatError. */
export function parseStats(text: string): Totals {
  const lines = text.split("\n");
  return {
    counters: parseCounters(totalsFile, lines[countersLine]),
    rates: parseCounters(totalsFile, lines[ratesLine]),
  };
}

/** A row of /proc/net/ip_vs_stats_percpu: the processor's number and its counters. */
const processorLine = /^ *[0-9A-F]+((?: +[0-9A-F]+){5})$/i;

/**
 * The text of /proc/net/ip_vs_stats_percpu, summed up over the processors: the current counters, while those of ip_vs_stats
 * and of netlink are up to two seconds old. Zeroing does not touch them. Throws a ProcFormatError.
 */
export function parseLiveCounters(text: string): Counters {
  const [titles] = text.split("\n\n");
  // Two titles, a row per processor, and a row of sums that begins with a tilde.
  const lines = (titles ?? "")
    .split("\n")
    .slice(countersLine)
    .filter((line) => !/^ *~/.test(line));
  if (lines.length === 0) throw new ProcFormatError(liveFile);
  return lines
    .map((line) => parseCounters(liveFile, processorLine.exec(line)?.[1] ?? line))
    .reduce((sum, one) => ({
      connections: sum.connections + one.connections,
      packetsIn: sum.packetsIn + one.packetsIn,
      packetsOut: sum.packetsOut + one.packetsOut,
      bytesIn: sum.bytesIn + one.bytesIn,
      bytesOut: sum.bytesOut + one.bytesOut,
    }));
}

function parseCounters(file: string, line: string | undefined): Counters {
  const words = line?.trim().split(/ +/) ?? [];
  if (words.length !== 5 || !words.every((word) => /^[0-9A-F]+$/i.test(word))) throw new ProcFormatError(file, line);
  const [connections = 0n, packetsIn = 0n, packetsOut = 0n, bytesIn = 0n, bytesOut = 0n] = words.map((word) =>
    BigInt(`0x${word}`),
  );
  return { connections, packetsIn, packetsOut, bytesIn, bytesOut };
}

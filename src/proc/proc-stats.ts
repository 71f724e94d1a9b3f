import type { Counters, Rates } from "../model/table.js";
import { ProcFormatError } from "./proc-error.js";

/** The sums over all services, of those that are gone too. */
export interface Totals {
  readonly counters: Counters;
  readonly rates: Rates;
}

const totalsFile = "ip_vs_stats";

/** Two titles, the counters, an empty line, a title, the rates. */
const countersLine = 2;
const ratesLine = 5;

/** The text of /proc/net/ip_vs_stats, whose numbers are hexadecimal. Throws a ProcFormatError. */
export function parseStats(text: string): Totals {
  const lines = text.split("\n");
  return { counters: parseCounters(lines[countersLine]), rates: parseCounters(lines[ratesLine]) };
}

function parseCounters(line: string | undefined): Counters {
  const words = line?.trim().split(/ +/) ?? [];
  if (words.length !== 5 || !words.every((word) => /^[0-9A-F]+$/i.test(word)))
    throw new ProcFormatError(totalsFile, line);
  const [connections = 0n, packetsIn = 0n, packetsOut = 0n, bytesIn = 0n, bytesOut = 0n] = words.map((word) =>
    BigInt(`0x${word}`),
  );
  return { connections, packetsIn, packetsOut, bytesIn, bytesOut };
}

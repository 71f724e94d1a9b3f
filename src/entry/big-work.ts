/** Which calls of the old grammar are big: the engine that compiles finishes them sooner, although it starts later. */
import type { Program } from "./program.js";

/** How much there is to do. */
export interface WorkSize {
  /** Whether at least so many bytes wait on standard input. */
  hasInput(least: number): boolean;
  /** Whether a file has at least so many bytes. */
  hasBytes(path: string, least: number): boolean;
}

/** Sizes in bytes, as measured, above which the engine that compiles takes less time. A row or a rule has about fifty. */
const bigInput = 48 * 1024;
/** A table that is shown as /proc has it. */
const bigTable = 768 * 1024;
/** Counters and rates, read over netlink, service by service. */
const bigCounts = 192 * 1024;
/** Everything else that is read over netlink, and names. */
const bigDetails = 64 * 1024;
const bigConnections = 48 * 1024;

const listing = /^-(?:-list$|[Ll][a-zA-Z]*$)/;
const saving = /^-(?:-save$|S[a-zA-Z]*$)/;
const restoring = /^-(?:-restore$|R$)/;
const connections = /^-(?:-connection$|[Llnc]*c)/;
const service = /^-(?:-(?:tcp|udp|fwmark|sctp)-service$|[a-zA-Z]*[tuf]$)/;
/** The files of another namespace cannot be seen from here. */
const namespace = /^--netns(?:=|$)/;
const numeric = /^-(?:-numeric$|[a-zA-Z]*n)/;
const counts = /^--(?:stats|rate)$/;
/** Options of other views that /proc/net/ip_vs does not have all of. */
const details = /^--(?:thresholds|persistent-conn|tun-info|json)$/;

/**
 * Whether a call is big, judged by its first option. A call that is not recognized here still runs, on the engine at hand.
 */
export function isBigWork(program: Program, args: readonly string[], size: WorkSize): boolean {
  const [first = ""] = args;
  if (program === "ipvsadm-restore" || restoring.test(first)) return size.hasInput(bigInput);
  if (program === "ipvsadm" && !(first === "" || listing.test(first) || saving.test(first))) return false;
  if (args.some((arg) => service.test(arg) || namespace.test(arg))) return false;
  if (args.some((arg) => connections.test(arg))) return size.hasBytes("/proc/net/ip_vs_conn", bigConnections);
  return size.hasBytes("/proc/net/ip_vs", leastTable(args));
}

function leastTable(args: readonly string[]): number {
  const isGiven = (option: RegExp) => args.some((arg) => option.test(arg));
  if (!isGiven(numeric) || isGiven(details)) return bigDetails;
  return isGiven(counts) ? bigCounts : bigTable;
}

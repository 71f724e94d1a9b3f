/** Counters and rates for listings, as plain numbers, since there may be a great many. */
import type { Counters, Rates, ServiceKey } from "../table.js";

/** The counters, or the kernel's estimates per second. */
export type CountKind = "counters" | "rates";

/** What is counted, in the order in which it is listed. */
export const countNames = [
  "connections",
  "packetsIn",
  "packetsOut",
  "bytesIn",
  "bytesOut",
] as const satisfies readonly (keyof Counters & keyof Rates)[];

/** A number below 2^53, where it is exact, and a bigint from there on. */
export type Count = number | bigint;

/** A service and what is counted of it: one number for each of countNames. */
export interface CountedService {
  readonly service: ServiceKey;
  readonly counts: readonly Count[];
}

/** The servers of a service, all with an IPv4 address, and what is counted of them, without an object for each. */
export interface CountedServers {
  /** Of each its address as a number of 32 bits, the first octet highest, times 65,536, plus its port. */
  readonly keys: readonly number[];
  /** One number for each of countNames, server after server. */
  readonly counts: readonly Count[];
}

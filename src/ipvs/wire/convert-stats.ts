import type { Counters, Rates } from "../../model/table.js";
import { expectAttribute } from "../../netlink/codec/attribute-set.js";
import type { DestinationAttributes, ServiceAttributes, StatsAttributes } from "./attributes.js";

/** Kernels before 4.1 have the 32-bit statistics only. */
export function fromStats(attributes: ServiceAttributes | DestinationAttributes): { counters: Counters; rates: Rates } {
  const stats: StatsAttributes = expectAttribute(attributes.stats64 ?? attributes.stats?.(), "statistics");
  return {
    counters: {
      connections: count(stats.connections),
      packetsIn: count(stats.packetsIn),
      packetsOut: count(stats.packetsOut),
      bytesIn: count(stats.bytesIn),
      bytesOut: count(stats.bytesOut),
    },
    rates: {
      connections: count(stats.connectionRate),
      packetsIn: count(stats.packetRateIn),
      packetsOut: count(stats.packetRateOut),
      bytesIn: count(stats.byteRateIn),
      bytesOut: count(stats.byteRateOut),
    },
  };
}

function count(value: number | bigint | undefined): bigint {
  return BigInt(expectAttribute(value, "statistics"));
}

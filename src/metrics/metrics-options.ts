import { ipvsLabelNames } from "../format/prometheus/ipvs-columns.js";
import { backendLabelNames } from "../format/prometheus/node-exporter.js";

/** The sets of names under which metrics are written. */
export const nameSets = ["ipvs", "node-exporter", "both"] as const;
export type NameSet = (typeof nameSets)[number];

/** What is exposed. */
export interface MetricsOptions {
  readonly names: NameSet;
  /** Whether each server has series of its own. */
  readonly servers: boolean;
  /** The only labels of services and servers; series that become equal are added up. Undefined: all. */
  readonly labels?: ReadonlySet<string> | undefined;
  /** A table with more series of services and servers is not exposed. */
  readonly maxSeries: number;
}

export const defaultMaxSeries = 50_000;

/** The labels that services and servers can have under a set of names. */
function labelNamesOf(names: NameSet): ReadonlySet<string> {
  return new Set([
    ...(names === "node-exporter" ? [] : ipvsLabelNames),
    ...(names === "ipvs" ? [] : backendLabelNames),
  ]);
}

/** The chosen labels. Throws a RangeError for one that the set of names does not have. */
export function toLabels(chosen: readonly string[], names: NameSet): ReadonlySet<string> {
  const known = labelNamesOf(names);
  const unknown = chosen.find((name) => !known.has(name));
  if (unknown === undefined) return new Set(chosen);
  throw new RangeError(`there is no label '${unknown}'; there are ${[...known].join(", ")}`);
}

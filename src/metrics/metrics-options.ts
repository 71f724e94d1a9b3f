/** The sets of names under which metrics are written. */
export const nameSets = ["ipvs", "node-exporter", "both"] as const;
export type NameSet = (typeof nameSets)[number];

/** What is exposed. */
export interface MetricsOptions {
  readonly names: NameSet;
  /** Whether each server has series of its own. */
  readonly servers: boolean;
  /** The only labels of services and servers; what becomes equal by it is added up. Undefined: all. */
  readonly labels?: ReadonlySet<string> | undefined;
  /** A table with more series of services and servers is not exposed. */
  readonly maxSeries: number;
}

export const defaultMaxSeries = 50_000;

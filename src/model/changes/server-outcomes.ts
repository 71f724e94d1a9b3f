/** How verbs end that change the weights of servers. */

/** What became of a drain. `started`: it does not wait. In all cases but `raised` the weight is 0. */
export const drainOutcomes = ["drained", "started", "deadline", "raised", "interrupted"] as const;
/** What became of a drain. `started`: it does not wait. In all cases but `raised` the weight is 0. */
export type DrainOutcome = (typeof drainOutcomes)[number];

/**
 * What became of a ramp. `taken`: somebody else gave a server a weight. `gone`: somebody else deleted the servers.
 * `unchanged`: every server had the last weight already.
 */
export const rampOutcomes = ["done", "taken", "interrupted", "gone", "unchanged"] as const;
/**
 * What became of a ramp. `taken`: somebody else gave a server a weight. `gone`: somebody else deleted the servers.
 * `unchanged`: every server had the last weight already.
 */
export type RampOutcome = (typeof rampOutcomes)[number];

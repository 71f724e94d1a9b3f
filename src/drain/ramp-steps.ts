/** The weights on the way from one to another. */
import { unweightedSchedulers } from "../model/scheduler-flags.js";

/** How a weight grows: by the same amount at every step, or by the same factor. */
export const rampCurves = ["linear", "exponential"] as const;
/** How a weight grows: by the same amount at every step, or by the same factor. */
export type RampCurve = (typeof rampCurves)[number];

/** The way from one weight to another. */
export interface RampShape {
  /** The weight at the start; at least 1. */
  readonly from: number;
  readonly to: number;
  readonly curve: RampCurve;
}

/** The share of the last weight with which a ramp from weight 0 begins. */
const firstShare = 0.1;

/** The weight with which a ramp begins: the present one, or a tenth of the last one, and never 0. */
export function firstWeight(present: number, to: number): number {
  return present > 0 ? present : Math.max(1, Math.round(to * firstShare));
}

/** The weight when this share (0 to 1) of the time has passed. It is never 0. */
export function weightAt({ from, to, curve }: RampShape, share: number): number {
  if (share >= 1) return to;
  const exact = curve === "linear" ? from + (to - from) * share : from * (to / from) ** share;
  return Math.max(1, Math.round(exact));
}

/** What a change of weight does under a scheduler that does not take it as a share of new connections. */
const otherMeanings: Readonly<Record<string, string>> = {
  mh: "mh rebuilds its table at each step, which moves clients without a connection",
  fo: "fo sends everything to the server with the largest weight, so that the order of weights matters, not their size",
  ovf: "ovf takes the weight as the number of connections at which the next server gets them",
};

/** Why a ramp has no effect under the scheduler; undefined where it has one. */
export function obstacleToRamp(scheduler: string): string | undefined {
  if (!unweightedSchedulers.includes(scheduler)) return undefined;
  return `the scheduler ${scheduler} does not look at weights above 0, so a ramp does nothing`;
}

/** What users should know about a ramp under the scheduler, if anything. */
export function rampRemark(scheduler: string): string | undefined {
  return Object.hasOwn(otherMeanings, scheduler) ? otherMeanings[scheduler] : undefined;
}

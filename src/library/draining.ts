import type { DrainEvent, DrainResult } from "../drain/drain-event.js";
import { drainServers } from "../drain/drain-servers.js";
import { type DeadlineAction, type DrainCondition, deadlineActions, drainConditions } from "../drain/drain-wait.js";
import type { RampEvent, RampResult } from "../drain/ramp-event.js";
import { rampServers } from "../drain/ramp-servers.js";
import { type RampCurve, rampCurves } from "../drain/ramp-steps.js";
import { type UndrainResult, undrainServers } from "../drain/undrain-servers.js";
import { nodePlatform } from "../host/node-platform.js";
import { systemHost } from "../host/system-host.js";
import { checkObject, checkOneOf, checkReason } from "../model/input/check-value.js";
import { completeServiceKey, type ServiceKeyInput } from "../model/input/service-input.js";
import { parseAddressRange } from "../model/selection/address-range.js";
import type { ServerTarget } from "../model/selection/server-target.js";
import { withBytePath } from "./byte-paths.js";
import type { Ipvs } from "./ipvs.js";
import type { ChangeOptions } from "./table-changes.js";

/** Servers of one service or of every one. */
export interface ServerSelector {
  /** Left out: the servers of every service. Undefined is refused, as it may be a mistake. */
  readonly service?: ServiceKeyInput;
  /** `10.0.0.1`, `10.0.0.0/24`, `10.0.0.1:80`, `[2001:db8::1]:80`. */
  readonly server: string;
}

/** How servers are drained. */
export interface DrainOptions extends Pick<ChangeOptions, "wait" | "undoFolder" | "signal"> {
  /** What has to be over before the drain is (default `quiet`). */
  readonly until?: DrainCondition | undefined;
  /** Seconds to wait at most (default: for ever); 0 does not wait. */
  readonly deadline?: number | undefined;
  /** Deletes the servers in the end (default false). */
  readonly isDeleted?: boolean | undefined;
  /** What becomes of them at the deadline (default `keep`). */
  readonly atDeadline?: DeadlineAction | undefined;
  /** Gives the schedulers sh and mh their fallback flag first (default false). */
  readonly withFallback?: boolean | undefined;
  /** Drains even where that refuses or cuts clients (default false). */
  readonly force?: boolean | undefined;
  /** Why, for those who see that the weight is held. */
  readonly reason?: string | undefined;
  /** Called with each event. */
  readonly onEvent?: ((event: DrainEvent) => void) | undefined;
}

/** How servers get their weight again. */
export interface UndrainOptions extends Pick<ChangeOptions, "wait" | "undoFolder" | "signal"> {
  /** The weight, instead of the one before the drain. */
  readonly weight?: number | undefined;
}

/**
 * Takes servers out, as `ipvsadm drain` does: sets their weight to 0, holds that against files, and waits until their
 * connections are over. Other calls of the same `Ipvs` wait meanwhile. Rejects with a PlanError where clients would be refused
 * or there is no such server; nothing is changed then. Rejects with an UnfinishedError where something goes wrong after the
 * weights are 0. Otherwise rejects like applyState.
 *
 * @example
 * ```js
 * const { outcome } = await drain(ipvs, { server: "10.0.0.1" }, { deadline: 600 });
 * ```
 */
export async function drain(ipvs: Ipvs, selector: ServerSelector, options: DrainOptions = {}): Promise<DrainResult> {
  const {
    until = "quiet",
    deadline,
    isDeleted = false,
    atDeadline = "keep",
    withFallback = false,
    force = false,
    ...rest
  } = options;
  if (deadline !== undefined && !(deadline >= 0)) {
    throw new RangeError(`deadline must be a number of seconds from 0, not ${deadline}`);
  }
  checkOneOf(until, "until", drainConditions);
  checkOneOf(atDeadline, "atDeadline", deadlineActions);
  if (options.reason !== undefined) checkReason(options.reason, "reason");
  const target = toServerTarget(selector);
  const waits = deadline !== 0;
  const request = {
    target,
    until,
    waits,
    deadline: waits ? deadline : undefined,
    isDeleted,
    atDeadline,
    withFallback,
    force,
  };
  return ipvs.exclusively((client) =>
    drainServers(systemHost(nodePlatform), client, { ...request, ...withBytePath(rest) }),
  );
}

/**
 * Gives servers the weight that they had before a drain or a hold, and holds it no more. Rejects with a PlanError where
 * nobody holds a weight of theirs and none is given. Otherwise rejects like applyState.
 *
 * @example
 * ```js
 * await undrain(ipvs, { server: "10.0.0.1" });
 * ```
 */
export async function undrain(
  ipvs: Ipvs,
  selector: ServerSelector,
  options: UndrainOptions = {},
): Promise<UndrainResult> {
  const { weight } = options;
  if (weight !== undefined && !(Number.isInteger(weight) && weight >= 1)) {
    throw new RangeError(`weight must be an integer from 1, not ${weight}`);
  }
  const target = toServerTarget(selector);
  return ipvs.exclusively((client) =>
    undrainServers(systemHost(nodePlatform), client, { ...withBytePath(options), target }),
  );
}

/** How weights are changed little by little. */
export interface RampOptions extends Pick<ChangeOptions, "wait" | "undoFolder" | "signal"> {
  /** The last weight; without it the one before a drain or a hold. */
  readonly to?: number | undefined;
  /** The first weight (default: the present one, or a tenth of the last one where that is 0). */
  readonly from?: number | undefined;
  /** Seconds that it takes. */
  readonly over: number;
  /** Seconds between two steps (default: a twentieth, at least 1). */
  readonly every?: number | undefined;
  /** How the weight grows (default `linear`). */
  readonly curve?: RampCurve | undefined;
  /** Called with each event. */
  readonly onEvent?: ((event: RampEvent) => void) | undefined;
}

/**
 * Changes weights of servers little by little, as `ipvsadm ramp` does. Other calls of the same `Ipvs` wait meanwhile. Rejects
 * with a PlanError where that makes no sense, as under a scheduler that does not look at weights, and with an UnfinishedError
 * where a later step fails. Resolves with the outcome `unchanged` where the servers have the last weight already. Otherwise rejects like applyState.
 *
 * @example
 * ```js
 * await rampWeights(ipvs, { server: "10.0.0.1" }, { to: 100, over: 300 });
 * ```
 */
export async function rampWeights(ipvs: Ipvs, selector: ServerSelector, options: RampOptions): Promise<RampResult> {
  const { to, from, over, every = Math.max(1, over / 20), curve = "linear", ...rest } = options;
  for (const [name, weight] of Object.entries({ to, from })) {
    if (weight !== undefined && !(Number.isInteger(weight) && weight >= 1)) {
      throw new RangeError(`${name} must be an integer from 1, not ${weight}`);
    }
  }
  checkOneOf(curve, "curve", rampCurves);
  if (!(over > 0 && every > 0)) throw new RangeError("over and every must be more than 0 seconds");
  const request = { target: toServerTarget(selector), to, from, over, every, curve };
  return ipvs.exclusively((client) =>
    rampServers(systemHost(nodePlatform), client, { ...request, ...withBytePath(rest) }),
  );
}

function toServerTarget(selector: ServerSelector): ServerTarget {
  checkObject(selector, "selector");
  const { service, server } = selector;
  // A value that is missing by mistake must not mean every service.
  if ("service" in selector && (service === undefined || service === null)) {
    throw new TypeError(`service is ${service}; leave it out for the servers of every service`);
  }
  const range = parseAddressRange(server);
  if (range === undefined)
    throw new RangeError(`server must be ADDRESS[/LENGTH][:PORT], not ${JSON.stringify(server)}`);
  return { range, ...(service && { service: completeServiceKey(service) }) };
}

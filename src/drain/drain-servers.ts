import type { Host } from "../host/host.js";
import type { IpvsClient } from "../ipvs/client.js";
import type { DrainOutcome } from "../model/changes/server-outcomes.js";
import type { DesiredService } from "../model/desired.js";
import { destinationKeyOf, serviceIdentity, serviceKeyOf } from "../model/identity.js";
import { type Override, overrideIdentity } from "../model/override.js";
import { fallbackFlagOf } from "../model/scheduler-flags.js";
import type { ServerTarget } from "../model/selection/server-target.js";
import { indexOverrides, withOverrides } from "../plan/overrides.js";
import { ChangeError, isInterruption, PlanError } from "../transaction/change-error.js";
import { type ChangeTableOptions, type CheckPlan, changeTable } from "../transaction/change-table.js";
import type { DrainEvent, DrainHappening, DrainResult } from "./drain-event.js";
import { type ConnectionsLeft, type DrainCondition, nextWaitStep, type WaitStep } from "./drain-wait.js";
import { type KernelSettings, readKernelSettings } from "./kernel-settings.js";
import { type Hit, prepareServers } from "./prepare-weights.js";
import { crowdRemarks, type DrainEnding, drainRemarks, obstacleToDeletion } from "./remarks.js";
import { ServerConnections, serverNameOf } from "./server-connections.js";
import { stampEvents } from "./stamped-events.js";
import { undrainServers } from "./undrain-servers.js";
import { UnfinishedError } from "./unfinished-error.js";

/** How weights of servers are changed. */
export type ServerChangeOptions = Pick<ChangeTableOptions, "wait" | "undoFolder" | "signal"> & {
  readonly target: ServerTarget;
  /** Changes the weights even if clients are refused then. */
  readonly force: boolean;
};

/** How servers are drained. */
export interface DrainRequest extends ServerChangeOptions, DrainEnding {
  readonly until: DrainCondition;
  /** Seconds to wait at most. */
  readonly deadline: number | undefined;
  /** First gives a scheduler that hashes clients its fallback flag. */
  readonly withFallback: boolean;
  /** The reason that is listed with the held weight. */
  readonly reason?: string | undefined;
  readonly onEvent?: ((event: DrainEvent) => void) | undefined;
}

/** Milliseconds between two looks. */
const readingPause = 1000;
/** Looks at every connection take a tenth of the time at most. */
const lookShare = 10;
/** Seconds for which changes after the first one wait for the lock. */
const patience = 60;

/**
 * Sets the weight of servers to 0, holds it, and waits until their connections are over, with the lock of the table free.
 * Rejects with nothing changed like changeTable, and with a PlanError where the servers do not exist or clients would be
 * refused. Rejects with a ChangeError where the table is not as planned, and with an UnfinishedError where something fails
 * later: the weights are 0 and held then.
 */
export async function drainServers(host: Host, client: IpvsClient, request: DrainRequest): Promise<DrainResult> {
  const begin = host.clock.monotonic();
  const settings = await readKernelSettings(host);
  const timeouts = await client.timeouts();
  const { hits, services, undo } = await takeOut(host, client, request, settings);
  const secondsSince = () => (host.clock.monotonic() - begin) / 1000;
  const tell = stampEvents<DrainHappening>(host.clock, request.onEvent);
  try {
    const connections = new ServerConnections(host, client, request.target, hits);
    const isPersistent = hits.some(({ service }) => service.persistent);
    const longest = isPersistent ? connections.findLongestTemplate() : undefined;
    const remarks = [...drainRemarks(hits, settings, timeouts, longest), ...crowdRemarks(services, hits)];
    tell({ event: "begin", servers: hits.map(serverNameOf), remarks, undo });
    const waited = await waitForEnd(host, connections, request, secondsSince, tell);
    const result = await finish(host, client, { ...waited, hits, connections }, request);
    const ended = { ...result, seconds: secondsSince() };
    tell({ event: "end", ...ended });
    return ended;
  } catch (error) {
    throw new UnfinishedError(
      hits.map((hit) => ({ name: serverNameOf(hit), weight: 0 })),
      error,
    );
  }
}

async function takeOut(
  host: Host,
  client: IpvsClient,
  { target, force, withFallback, reason, signal, wait, undoFolder, ...ending }: DrainRequest,
  settings: KernelSettings,
) {
  let hits: readonly Hit[] = [];
  let services: readonly DesiredService[] = [];
  const check: CheckPlan = async (_, changes) => {
    const harmful = changes.filter(({ object, costs }) => object === "destination" && costs.some(isRefusal));
    if (harmful.length > 0 && !force) throw new PlanError("clients would be refused", harmful);
  };
  const { changes, result } = await changeTable(
    host,
    client,
    async (kernel, overrides) => {
      const fate = { weight: 0, ...(withFallback && { fallback: "add" as const }) };
      const prepared = await prepareServers(kernel, target, overrides, () => fate);
      hits = prepared.hits;
      services = prepared.current.services ?? [];
      const obstacle = force ? undefined : obstacleToDeletion(hits, settings, ending);
      if (obstacle !== undefined) throw new PlanError(obstacle, []);
      return prepared;
    },
    {
      command: "drain",
      signal,
      wait,
      undoFolder,
      check,
      claim: (overrides) =>
        withOverrides(overrides, drainsOf(hits, overrides, { withFallback, reason, since: host.clock.now() })),
    },
  );
  if (result !== undefined && result.outcome !== "done") throw new ChangeError(changes, result);
  return { hits, services, undo: result?.undo };
}

function isRefusal({ kind }: { readonly kind: string }): boolean {
  return kind === "refused";
}

/** The overrides of a drain. A drain that is continued keeps its start, and the weight before it. */
function drainsOf(
  hits: readonly Hit[],
  overrides: readonly Override[],
  {
    withFallback,
    reason,
    since,
  }: { readonly withFallback: boolean; readonly reason: string | undefined; readonly since: number },
): Override[] {
  const existing = indexOverrides(overrides);
  const flagged = new Set(overrides.filter((one) => one.addedFallback).map(({ service }) => serviceIdentity(service)));
  return hits.map(({ service, destination }) => {
    const before = existing.get(overrideIdentity({ service, destination }));
    const continued = before?.kind === "drain" ? before : undefined;
    const flag = fallbackFlagOf(service.scheduler);
    const isNew = withFallback && flag !== undefined && !service.schedulerFlags.includes(flag);
    return {
      service: serviceKeyOf(service),
      destination: destinationKeyOf(destination),
      weight: 0,
      kind: "drain",
      since: continued?.since ?? new Date(since).toISOString(),
      reason: reason ?? continued?.reason,
      previousWeight: before?.previousWeight ?? destination.weight,
      // The flag that came with another drain has to stay for this one too.
      ...((isNew || flagged.has(serviceIdentity(service))) && { addedFallback: true }),
    };
  });
}

interface Waited {
  readonly outcome: DrainOutcome;
  readonly left: ConnectionsLeft;
  readonly gone: readonly string[];
  readonly raised: readonly string[];
}

async function waitForEnd(
  host: Host,
  connections: ServerConnections,
  { until, deadline, waits, signal }: DrainRequest,
  secondsSince: () => number,
  tell: (event: DrainHappening) => void,
): Promise<Waited> {
  const { clock } = host;
  const limit = deadline === undefined ? undefined : deadline * 1000;
  let nextLook = 0;
  for (;;) {
    const began = clock.monotonic();
    const servers = await connections.read();
    const gone = servers.filter(({ weight }) => weight === undefined).map(({ name }) => name);
    const elapsed = secondsSince() * 1000;
    let step: WaitStep = nextWaitStep({ servers, living: undefined }, until, elapsed, limit);
    const isLast = limit !== undefined && elapsed >= limit;
    if (step.step === "look" && (isLast || clock.monotonic() >= nextLook)) {
      const lookBegan = clock.monotonic();
      // Where connections cannot be read, every one counts.
      const living = connections.countLiving() ?? step.inactive;
      nextLook = clock.monotonic() + (clock.monotonic() - lookBegan) * (lookShare - 1);
      step = nextWaitStep({ servers, living }, until, elapsed, limit);
    }
    const { active, inactive, living } = step;
    const left = { active, inactive, living };
    if (step.step === "end") {
      return { outcome: step.end, left, gone, raised: step.end === "raised" ? step.raised : [] };
    }
    if (!waits) return { outcome: "started", left, gone, raised: [] };
    if (signal?.aborted) return { outcome: "interrupted", left, gone, raised: [] };
    tell({ event: "waiting", seconds: elapsed / 1000, ...left });
    const took = clock.monotonic() - began;
    const pause = Math.max(readingPause, took * (lookShare - 1));
    await clock.sleep(limit === undefined ? pause : Math.max(1, Math.min(pause, limit - elapsed)), signal);
  }
}

async function finish(
  host: Host,
  client: IpvsClient,
  {
    outcome,
    left,
    gone,
    raised,
    hits,
    connections,
  }: Waited & { readonly hits: readonly Hit[]; readonly connections: ServerConnections },
  request: DrainRequest,
): Promise<Omit<DrainResult, "seconds">> {
  const { isDeleted, atDeadline } = request;
  const isLate = outcome === "deadline";
  const isOver = outcome === "drained" || outcome === "started";
  const later = { ...request, wait: Math.max(request.wait ?? 0, patience) };
  const holdsOn = isLate || outcome === "interrupted";
  const result = {
    outcome,
    ...left,
    gone,
    raised,
    clients: holdsOn ? connections.findClients() : [],
    isDeleted: false,
    isUndrained: false,
  };
  if ((isOver && isDeleted) || (isLate && atDeadline === "delete")) {
    const found = await deleteServers(host, client, later, hits);
    if (found === "interrupted") return { ...result, outcome: "interrupted" };
    if (found.length > 0) return { ...result, outcome: "raised", raised: found };
    return { ...result, isDeleted: true };
  }
  if (isLate && atDeadline === "undrain") {
    try {
      await undrainServers(host, client, later);
    } catch (error) {
      if (isInterruption(error, request.signal)) return { ...result, outcome: "interrupted" };
      throw error;
    }
    return { ...result, isUndrained: true };
  }
  return result;
}

/** Deletes the servers. Where somebody has given some of them a weight, deletes none, and returns those. */
async function deleteServers(
  host: Host,
  client: IpvsClient,
  { target, signal, wait, undoFolder }: ServerChangeOptions,
  hits: readonly Hit[],
): Promise<readonly string[] | "interrupted"> {
  const drained = new Set(hits.map(overrideIdentity));
  let raised: readonly string[] = [];
  try {
    const { changes, result } = await changeTable(
      host,
      client,
      async (kernel, overrides) => {
        const isOurs = (hit: Hit) => drained.has(overrideIdentity(hit));
        const prepared = await prepareServers(kernel, target, overrides, (hit) => (isOurs(hit) ? "delete" : undefined));
        raised = prepared.hits.filter(({ destination }) => destination.weight > 0).map(serverNameOf);
        if (raised.length > 0) throw new PlanError("somebody has given them a weight", []);
        return prepared;
      },
      { command: "drain", signal, wait, undoFolder },
    );
    if (result !== undefined && result.outcome !== "done") throw new ChangeError(changes, result);
  } catch (error) {
    if (isInterruption(error, signal)) return "interrupted";
    // Somebody else has deleted them, or has given one a weight.
    if (!(error instanceof PlanError)) throw error;
  }
  return raised;
}

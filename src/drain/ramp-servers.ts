import type { Host } from "../host/host.js";
import type { IpvsClient } from "../ipvs/client.js";
import type { RampOutcome } from "../model/changes/server-outcomes.js";
import { destinationKeyOf, serviceKeyOf } from "../model/identity.js";
import { type Override, overrideIdentity } from "../model/override.js";
import type { ServerTarget } from "../model/selection/server-target.js";
import { indexOverrides, withOverrides } from "../plan/overrides.js";
import { ChangeError, isInterruption, PlanError } from "../transaction/change-error.js";
import { type ChangeTableOptions, changeTable } from "../transaction/change-table.js";
import { type Hit, prepareServers } from "./prepare-weights.js";
import type { RampEvent, RampedServer, RampHappening, RampResult } from "./ramp-event.js";
import { firstWeight, obstacleToRamp, type RampCurve, type RampShape, rampRemark, weightAt } from "./ramp-steps.js";
import { serverNameOf } from "./server-connections.js";
import { stampEvents } from "./stamped-events.js";
import { undrainServers } from "./undrain-servers.js";
import { UnfinishedError } from "./unfinished-error.js";

/** How weights are changed little by little. */
export interface RampRequest extends Pick<ChangeTableOptions, "wait" | "undoFolder" | "signal"> {
  readonly target: ServerTarget;
  /** The last weight; without it the one before a drain or a hold. */
  readonly to?: number | undefined;
  /** The first weight; without it the present one, or a tenth of the last one where that is 0. */
  readonly from?: number | undefined;
  /** Seconds that it takes. */
  readonly over: number;
  /** Seconds between two steps. */
  readonly every: number;
  readonly curve: RampCurve;
  readonly onEvent?: ((event: RampEvent) => void) | undefined;
  /** The verb that changes the table. */
  readonly command?: string | undefined;
}

/** Seconds for which steps after the first one wait for the lock. */
const stepPatience = 60;

/** Every server has the last weight already. */
class NothingToRamp extends Error {}

/** Somebody else gave servers a weight between two steps, or deleted all of them. */
class WeightTaken extends Error {
  constructor(readonly servers: readonly string[]) {
    super("somebody else has changed the servers");
    this.name = "WeightTaken";
  }
}

/**
 * Changes the weights of servers step by step, each under the lock, and only where a weight is still that of the last step.
 * Until the end they are held against files. Rejects with nothing changed like changeTable, with a PlanError where a ramp
 * makes no sense, and with a ChangeError where the table is not as planned. Where a step after the first one fails, rejects
 * with an UnfinishedError: the weights stay where they are.
 */
export async function rampServers(host: Host, client: IpvsClient, request: RampRequest): Promise<RampResult> {
  const tell = stampEvents<RampHappening>(host.clock, request.onEvent);
  const begin = host.clock.monotonic();
  const seconds = () => (host.clock.monotonic() - begin) / 1000;
  const ramp = new Ramp(host, client, request, tell);
  const { outcome, taken } = await runSteps(host, ramp, request, seconds);
  const result = { outcome, seconds: seconds(), servers: ramp.servers, taken };
  tell({ event: "end", ...result });
  return result;
}

type Ending = Pick<RampResult, "outcome" | "taken">;

async function runSteps(
  host: Host,
  ramp: Ramp,
  { signal, over, every }: RampRequest,
  seconds: () => number,
): Promise<Ending> {
  try {
    await ramp.step(0);
    for (let next = every; next < over; next += every) {
      await host.clock.sleep(next * 1000 - seconds() * 1000, signal);
      if (signal?.aborted) return ending("interrupted");
      await ramp.step(seconds());
    }
    await host.clock.sleep((over - seconds()) * 1000, signal);
    if (signal?.aborted) return ending("interrupted");
    await ramp.finish();
    return ending("done");
  } catch (error) {
    if (error instanceof NothingToRamp) return ending("unchanged");
    if (error instanceof WeightTaken) return ending(error.servers.length > 0 ? "taken" : "gone", error.servers);
    if (!ramp.hasBegun) throw error;
    if (error instanceof PlanError) return ending("gone");
    if (isInterruption(error, signal)) return ending("interrupted");
    throw new UnfinishedError(ramp.servers, error);
  }
}

function ending(outcome: RampOutcome, taken: readonly string[] = []): Ending {
  return { outcome, taken };
}

class Ramp {
  readonly #shapes = new Map<string, RampShape>();
  readonly #last = new Map<string, RampedServer>();
  readonly #since: string;

  constructor(
    private readonly host: Host,
    private readonly client: IpvsClient,
    private readonly request: RampRequest,
    private readonly tell: (event: RampHappening) => void,
  ) {
    this.#since = new Date(host.clock.now()).toISOString();
  }

  get hasBegun(): boolean {
    return this.#last.size > 0;
  }

  get servers(): readonly RampedServer[] {
    return [...this.#last.values()];
  }

  /** Gives the servers the weights of this second. */
  async step(seconds: number): Promise<void> {
    const { target, command = "ramp", wait = 0, undoFolder, signal, over } = this.request;
    const isFirst = !this.hasBegun;
    let hits: readonly Hit[] = [];
    const weightOf = (hit: Hit) => weightAt(this.#shapeOf(hit), seconds / over);
    const { changes, result } = await changeTable(
      this.host,
      this.client,
      async (kernel, overrides) => {
        const prepared = await prepareServers(kernel, target, overrides, (hit) => {
          const isOurs = isFirst ? this.#begin(hit) : this.#last.has(overrideIdentity(hit));
          return isOurs ? { weight: weightOf(hit) } : undefined;
        });
        hits = prepared.hits;
        if (isFirst) this.#check(hits);
        else this.#checkTaken(hits);
        return prepared;
      },
      {
        command,
        wait: isFirst ? wait : Math.max(wait, stepPatience),
        undoFolder,
        // The first step is what undo goes back to; those after it would only push other commands out.
        keepsUndo: isFirst,
        signal,
        claim: (overrides) => withOverrides(overrides, this.#overridesOf(hits, overrides, weightOf)),
      },
    );
    if (result !== undefined && result.outcome !== "done") throw new ChangeError(changes, result);
    this.#remember(hits, weightOf);
    if (isFirst) {
      const remarks = new Set(hits.flatMap(({ service }) => rampRemark(service.scheduler) ?? []));
      this.tell({ event: "begin", remarks: [...remarks], undo: result?.undo });
    }
    this.tell({ event: "step", seconds, servers: this.servers });
  }

  /** Gives the servers the last weight, and stops holding it. */
  async finish(): Promise<void> {
    const { target, command = "ramp", wait = 0, undoFolder, signal, over } = this.request;
    const lastOf = (hit: Hit) => this.#shapeOf(hit).to;
    const finished: Hit[] = [];
    await undrainServers(this.host, this.client, {
      target,
      command,
      wait: Math.max(wait, stepPatience),
      undoFolder,
      signal,
      keepsUndo: false,
      isMeant: (hit) => this.#last.has(overrideIdentity(hit)),
      check: (hits) => {
        this.#checkTaken(hits);
        finished.push(...hits);
      },
    });
    this.#remember(finished, lastOf);
    this.tell({ event: "step", seconds: over, servers: this.servers });
  }

  /** Whether the ramp concerns a server; decides its first and last weight. */
  #begin(hit: Hit): boolean {
    const to = this.request.to ?? hit.override?.previousWeight;
    if (to === undefined || to === 0) return false;
    const from = this.request.from ?? firstWeight(hit.destination.weight, to);
    this.#shapes.set(overrideIdentity(hit), { from, to, curve: this.request.curve });
    return true;
  }

  #shapeOf(hit: Hit): RampShape {
    const { weight } = hit.destination;
    return this.#shapes.get(overrideIdentity(hit)) ?? { from: weight, to: weight, curve: this.request.curve };
  }

  #check(hits: readonly Hit[]): void {
    if (hits.length === 0) {
      throw new PlanError("nobody holds a weight of these servers; name one to go to", []);
    }
    const [obstacle] = hits.flatMap(({ service }) => obstacleToRamp(service.scheduler) ?? []);
    if (obstacle !== undefined) throw new PlanError(obstacle, []);
    if (hits.some((hit) => this.#shapeOf(hit).from !== this.#shapeOf(hit).to)) return;
    const isThere = (hit: Hit) => hit.destination.weight === this.#shapeOf(hit).to && hit.override === undefined;
    if (hits.every(isThere)) {
      this.#remember(hits, (hit) => hit.destination.weight);
      throw new NothingToRamp();
    }
    throw new PlanError(
      "there is no weight in between\nfirst give all servers of the service larger ones: ipvsadm set SERVICE --server 0.0.0.0/0 'weight=*100'",
      [],
    );
  }

  #checkTaken(hits: readonly Hit[]): void {
    if (hits.length === 0) throw new WeightTaken([]);
    const taken = hits.filter((hit) => this.#last.get(overrideIdentity(hit))?.weight !== hit.destination.weight);
    if (taken.length > 0) throw new WeightTaken(taken.map(serverNameOf));
  }

  #remember(hits: readonly Hit[], weightOf: (hit: Hit) => number): void {
    this.#last.clear();
    for (const hit of hits) this.#last.set(overrideIdentity(hit), { name: serverNameOf(hit), weight: weightOf(hit) });
  }

  #overridesOf(hits: readonly Hit[], overrides: readonly Override[], weightOf: (hit: Hit) => number): Override[] {
    const existing = indexOverrides(overrides);
    return hits.map((hit) => ({
      service: serviceKeyOf(hit.service),
      destination: destinationKeyOf(hit.destination),
      weight: weightOf(hit),
      kind: "ramp",
      since: this.#since,
      previousWeight: this.#shapeOf(hit).to,
      addedFallback: existing.get(overrideIdentity(hit))?.addedFallback,
    }));
  }
}

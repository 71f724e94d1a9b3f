import type { Host } from "../host/host.js";
import type { IpvsClient } from "../ipvs/client.js";
import type { PlannedChange } from "../model/changes/plan.js";
import type { ServerTarget } from "../model/selection/server-target.js";
import { withoutOverrides } from "../plan/overrides.js";
import { ChangeError, PlanError } from "../transaction/change-error.js";
import { type ChangeTableOptions, changeTable } from "../transaction/change-table.js";
import { type Hit, prepareServers, type ServerFate } from "./prepare-weights.js";
import { serverNameOf } from "./server-connections.js";

/** How servers get their weight again. */
export interface UndrainRequest extends Pick<ChangeTableOptions, "wait" | "undoFolder" | "signal" | "keepsUndo"> {
  readonly target: ServerTarget;
  /** The weight, instead of the one before the drain. */
  readonly weight?: number | undefined;
  /** Which of the servers are meant; without it all of them. */
  readonly isMeant?: ((hit: Hit) => boolean) | undefined;
  /** Looks at the servers before anything is changed. Nothing is, where it throws. */
  readonly check?: ((hits: readonly Hit[]) => void) | undefined;
  /** The verb that changes the table. */
  readonly command?: string | undefined;
}

/** What was given back. */
export interface UndrainResult {
  /** With the weight that each has now. */
  readonly servers: readonly { readonly name: string; readonly weight: number; readonly scheduler: string }[];
  readonly changes: readonly PlannedChange[];
  readonly undo?: string | undefined;
}

/**
 * Gives servers the weight that they had before a drain, a ramp or a hold, which ends it. Without a weight, servers that
 * nobody holds stay as they are. Rejects with nothing changed like changeTable, and with a PlanError where there is no server
 * with such a weight.
 */
export async function undrainServers(
  host: Host,
  client: IpvsClient,
  {
    target,
    weight,
    isMeant = () => true,
    check,
    command = "undrain",
    wait,
    undoFolder,
    signal,
    keepsUndo,
  }: UndrainRequest,
): Promise<UndrainResult> {
  let hits: readonly Hit[] = [];
  const { changes, result } = await changeTable(
    host,
    client,
    async (kernel, overrides) => {
      const seen: Hit[] = [];
      const prepared = await prepareServers(kernel, target, overrides, (hit) => {
        seen.push(hit);
        return isMeant(hit) ? undrained(hit, weight) : undefined;
      });
      hits = prepared.hits;
      if (hits.length === 0) throw new PlanError(describeUnheld(seen), []);
      const [unknown] = hits.filter((hit) => weightAfter(hit, weight) === 0);
      if (unknown !== undefined) {
        throw new PlanError(`${serverNameOf(unknown)} had weight 0 before; name another one with --weight`, []);
      }
      check?.(hits);
      return prepared;
    },
    {
      command,
      wait,
      undoFolder,
      signal,
      ...(keepsUndo !== undefined && { keepsUndo }),
      release: (overrides) => withoutOverrides(overrides, hits),
    },
  );
  if (result !== undefined && result.outcome !== "done") throw new ChangeError(changes, result);
  const servers = hits.map((hit) => ({
    name: serverNameOf(hit),
    weight: weightAfter(hit, weight),
    scheduler: hit.service.scheduler,
  }));
  return { servers, changes, undo: result?.undo };
}

/** Why there is nothing to give back: what the servers have, and that nobody holds it. */
function describeUnheld(hits: readonly Hit[]): string {
  const [hit] = hits;
  const what =
    hit === undefined || hits.length > 1
      ? "nobody holds a weight of these servers"
      : `${serverNameOf(hit)} has weight ${hit.destination.weight}, and nobody holds it: it is not drained`;
  return `${what}; to give another weight, name it with --weight`;
}

function undrained(hit: Hit, weight: number | undefined): ServerFate | undefined {
  if (weight === undefined && hit.override === undefined) return undefined;
  return { weight: weightAfter(hit, weight), ...(hit.override?.addedFallback && { fallback: "remove" as const }) };
}

/** The weight that undrain gives a server. */
function weightAfter({ destination, override }: Hit, weight: number | undefined): number {
  return weight ?? override?.previousWeight ?? destination.weight;
}

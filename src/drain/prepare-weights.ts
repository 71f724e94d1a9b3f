import type { IpvsClient } from "../ipvs/client.js";
import { readSelected, readState } from "../ipvs/read-table.js";
import type { DesiredService } from "../model/desired.js";
import { serviceIdentity } from "../model/identity.js";
import { type Override, overrideIdentity } from "../model/override.js";
import { isInRange } from "../model/selection/address-range.js";
import type { ServerTarget } from "../model/selection/server-target.js";
import type { Destination, Service } from "../model/table.js";
import { indexOverrides, withFallback, withoutFallback } from "../plan/overrides.js";
import { makePlan } from "../plan/plan.js";
import { PlanError } from "../transaction/change-error.js";
import { describeMissing } from "../transaction/missing-target.js";
import type { Prepared } from "../transaction/prepare.js";

/** A server that a target means, as it was read. */
export interface Hit {
  readonly service: Service;
  readonly destination: Destination;
  readonly override: Override | undefined;
}

/** What to do with a server. */
export type ServerFate =
  | "delete"
  | {
      readonly weight: number;
      /** What to do with the fallback flag of its service's scheduler. */
      readonly fallback?: "add" | "remove" | undefined;
    };

/** A plan for servers, and which these are. */
export interface PreparedServers extends Prepared {
  /** The servers that have a fate. */
  readonly hits: readonly Hit[];
}

/**
 * The plan for the servers that a target means; without a fate a server stays as it is. Rejects with an IpvsError, or with a
 * PlanError where the table has no such server.
 */
export async function prepareServers(
  client: IpvsClient,
  target: ServerTarget,
  overrides: readonly Override[],
  decide: (hit: Hit) => ServerFate | undefined,
): Promise<PreparedServers> {
  const { service: key } = target;
  const isWhole = key === undefined;
  const current = isWhole ? await readState(client, ["services"]) : { services: await readSelected(client, [key]) };
  const work = new FateWork(target, overrides, decide);
  const desired = (current.services ?? []).map((entry) => work.decideEntry(entry));
  if (work.found === 0) throw new PlanError(await describeMissing(client, target), []);
  const plan = makePlan(current, { services: desired });
  return { plan, current, services: desired.length, moved: [], isWhole, hits: work.hits };
}

class FateWork {
  /** How many servers the target means. */
  found = 0;
  readonly hits: Hit[] = [];
  readonly #overrides: ReadonlyMap<string, Override>;
  /** By the identity of a service: the servers for which it was given its fallback flag. */
  readonly #fallbacks = new Map<string, Set<string>>();

  constructor(
    private readonly target: ServerTarget,
    overrides: readonly Override[],
    private readonly decide: (hit: Hit) => ServerFate | undefined,
  ) {
    this.#overrides = indexOverrides(overrides);
    for (const override of overrides) {
      if (!override.addedFallback) continue;
      const identity = serviceIdentity(override.service);
      const servers = this.#fallbacks.get(identity) ?? new Set();
      this.#fallbacks.set(identity, servers.add(overrideIdentity(override)));
    }
  }

  decideEntry({ service, destinations }: DesiredService): DesiredService {
    const found = this.found;
    // Others may still need the flag that came with a drain.
    const needed = new Set(this.#fallbacks.get(serviceIdentity(service)));
    let fallback: "add" | "remove" | undefined;
    const decided = destinations.flatMap((destination) => {
      if (!isInRange(this.target.range, destination)) return [destination];
      this.found++;
      const identity = overrideIdentity({ service, destination });
      const hit = { service, destination, override: this.#overrides.get(identity) };
      const fate = this.decide(hit);
      if (fate === undefined) return [destination];
      this.hits.push(hit);
      if (fate === "delete") {
        if (needed.delete(identity)) fallback ??= "remove";
        return [];
      }
      if (fate.fallback === "remove") needed.delete(identity);
      fallback = fate.fallback ?? fallback;
      return [{ ...destination, weight: fate.weight }];
    });
    if (this.found === found) return { service, destinations };
    if (fallback === "add") return { service: withFallback(service), destinations: decided };
    const isRemoved = fallback === "remove" && needed.size === 0;
    return { service: isRemoved ? withoutFallback(service) : service, destinations: decided };
  }
}

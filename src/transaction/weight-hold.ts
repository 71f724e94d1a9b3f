import { destinationKeyOf, serviceKeyOf } from "../model/identity.js";
import { type Override, overrideIdentity } from "../model/override.js";
import { indexOverrides, withOverrides } from "../plan/overrides.js";
import type { Prepared } from "./prepare.js";
import type { SettingTarget } from "./prepare-settings.js";

/** Holds the weights that a command sets, for `claim` of a change. */
export class WeightHold {
  #held: readonly Override[] = [];

  constructor(
    private readonly reason: string,
    /** Milliseconds since 1970. */
    private readonly now: number,
  ) {}

  /** Takes the weights of a plan, also those that it leaves as they are. */
  see({ plan, current }: Prepared, target: SettingTarget): void {
    if (target.object !== "destination") return;
    const after = new Map(
      (plan.after.services ?? []).flatMap(({ service, destinations }) =>
        destinations.map((destination) => [overrideIdentity({ service, destination }), destination.weight]),
      ),
    );
    const since = new Date(this.now).toISOString();
    this.#held = (current.services ?? []).flatMap(({ service, destinations }) =>
      destinations.filter(target.isChosen).map((destination): Override => {
        const weight = after.get(overrideIdentity({ service, destination })) ?? destination.weight;
        return {
          service: serviceKeyOf(service),
          destination: destinationKeyOf(destination),
          weight,
          kind: "hold",
          since,
          reason: this.reason,
          previousWeight: destination.weight,
        };
      }),
    );
  }

  /** Adds the held weights to the overrides. The weight to give back stays that of an existing override. */
  claim(overrides: readonly Override[]): readonly Override[] {
    const existing = indexOverrides(overrides);
    const held = this.#held.map((one) => {
      const { previousWeight = one.previousWeight, addedFallback } = existing.get(overrideIdentity(one)) ?? {};
      return { ...one, previousWeight, addedFallback };
    });
    return withOverrides(overrides, held);
  }
}

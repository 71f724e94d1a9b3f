/** Pairs of tables, and what clients must meet on the way from the first to the second. */
import assert from "node:assert/strict";
import type { DesiredService, DesiredState } from "../../src/model/desired.js";
import { destinationIdentity, serviceIdentity } from "../../src/model/identity.js";
import type { Random } from "./random.js";
import { kernelWords, randomSuccessor, randomTable, type Whole } from "./random-table.js";
import { desiredStateOf } from "./texts.js";

const fullState = ["services", "timeouts", "daemons"] as const;

/** A pair of tables, and the parts of the second one that are desired. Other parts stay as they are in the first. */
export function randomPair(random: Random): { before: Whole; after: Whole; desired: DesiredState } {
  const before = randomTable(random, kernelWords);
  const next = random.between(0, 9) === 0 ? before : randomSuccessor(random, before, kernelWords);
  const isWhole = random.coin();
  const parts = fullState.filter(() => isWhole || random.between(0, 3) > 0);
  const after = { ...before, ...pick(next, parts) };
  // The kernel has either servers of another family or daemons, so such parts cannot be desired without each other.
  if (isMixed(after) && after.daemons.length > 0) return { before, after: next, desired: desiredStateOf(next) };
  return { before, after, desired: pick(desiredStateOf(next), parts) };
}

function pick<T extends object, Name extends keyof T>(value: T, names: readonly Name[]): Pick<T, Name> {
  return Object.fromEntries(names.map((name) => [name, value[name]])) as Pick<T, Name>;
}

function isMixed({ services }: Whole): boolean {
  return services.some(({ service, destinations }) => destinations.some(({ family }) => family !== service.family));
}

/** What clients must meet at every moment on the way from one table to another. */
export class Promises {
  readonly #services: readonly Promised[];

  constructor(before: readonly DesiredService[], after: readonly DesiredService[]) {
    const later = byIdentity(after);
    this.#services = before.flatMap((entry) => {
      const next = later.get(serviceIdentity(entry.service));
      if (next === undefined) return [];
      const staying = new Set(next.destinations.map(destinationIdentity));
      return {
        identity: serviceIdentity(entry.service),
        destinations: entry.destinations.map(destinationIdentity).filter((identity) => staying.has(identity)),
        isUsable: isUsable(entry) && isUsable(next),
        isUnlimited: isUnlimited(entry) && isUnlimited(next),
      };
    });
  }

  check(entries: readonly DesiredService[]): void {
    const present = byIdentity(entries);
    for (const { identity, destinations, ...mustBe } of this.#services) {
      const entry = present.get(identity);
      assert.ok(entry, `${identity} is gone`);
      const servers = new Set(entry.destinations.map(destinationIdentity));
      for (const destination of destinations)
        assert.ok(servers.has(destination), `${identity}: ${destination} is gone`);
      assert.ok(!mustBe.isUsable || isUsable(entry), `${identity} has no server that takes clients`);
      assert.ok(
        !mustBe.isUnlimited || isUnlimited(entry),
        `${identity} has no server that takes any number of clients`,
      );
    }
  }
}

/** A service that stays. */
interface Promised {
  readonly identity: string;
  /** Its servers that stay. */
  readonly destinations: readonly string[];
  readonly isUsable: boolean;
  readonly isUnlimited: boolean;
}

function byIdentity(entries: readonly DesiredService[]): Map<string, DesiredService> {
  return new Map(entries.map((entry) => [serviceIdentity(entry.service), entry]));
}

function isUsable({ destinations }: DesiredService): boolean {
  return destinations.some(({ weight }) => weight > 0);
}

function isUnlimited({ destinations }: DesiredService): boolean {
  return destinations.some(({ weight, upperThreshold }) => weight > 0 && upperThreshold === 0);
}

import type { Change } from "../model/change.js";
import type { ChangedObject, PlannedChange } from "../model/changes/plan.js";
import type { DesiredService, DesiredState } from "../model/desired.js";
import { destinationIdentity, destinationKeyOf, serviceIdentity, serviceKeyOf } from "../model/identity.js";
import type { Destination, ServiceKey } from "../model/table.js";
import { costsOf, coveredService, type Surroundings } from "./costs.js";
import type { PhasedPlan } from "./plan.js";

/** The changes of a plan in their order, with what each was and will be, and what it costs. `current` is the whole table. */
export function describePlan(plan: PhasedPlan, current: DesiredState): PlannedChange[] {
  const index = new PlanIndex(plan, current);
  return plan.phases.flat().map(({ path, change }) => {
    const changed = index.describe(change);
    return { ...changed, path, costs: costsOf(changed, index.surroundingsOf(changed)) };
  });
}

/** Finds the object of a change, before and after the plan. */
class PlanIndex {
  readonly #before: ReadonlyMap<string, IndexedService>;
  readonly #after: ReadonlyMap<string, IndexedService>;
  readonly #current: ReadonlyMap<string, ServiceKey>;

  constructor(
    private readonly plan: PhasedPlan,
    current: DesiredState,
  ) {
    this.#before = indexServices(plan.before);
    this.#after = indexServices(plan.after);
    this.#current = new Map((current.services ?? []).map(({ service }) => [serviceIdentity(service), service]));
  }

  describe(change: Change): ChangedObject {
    const { before } = this.plan;
    switch (change.command) {
      case "add-service":
      case "edit-service":
      case "delete-service": {
        const identity = serviceIdentity(change.service);
        return {
          object: "service",
          service: serviceKeyOf(change.service),
          before: this.#before.get(identity)?.entry.service,
          after: this.#after.get(identity)?.entry.service,
        };
      }
      case "add-destination":
      case "edit-destination":
      case "delete-destination": {
        const identity = serviceIdentity(change.service);
        const server = destinationIdentity(change.destination);
        return {
          object: "destination",
          service: serviceKeyOf(change.service),
          destination: destinationKeyOf(change.destination),
          before: this.#before.get(identity)?.server(server),
          after: this.#after.get(identity)?.server(server),
        };
      }
      case "set-timeouts":
        return { object: "timeouts", before: before.timeouts, after: change.timeouts };
      case "start-daemon":
        return { object: "daemon", state: change.daemon.state, after: change.daemon };
      case "stop-daemon":
        return {
          object: "daemon",
          state: change.state,
          before: before.daemons?.find(({ state }) => state === change.state),
        };
      default:
        throw new TypeError(`no plan has the change ${change.command}`);
    }
  }

  surroundingsOf(changed: ChangedObject): Surroundings {
    if (!("service" in changed)) return {};
    const identity = serviceIdentity(changed.service);
    return {
      before: this.#before.get(identity)?.entry,
      after: this.#after.get(identity)?.entry,
      covers: coveredService(changed.service, this.#current),
    };
  }
}

class IndexedService {
  #servers: Map<string, Destination> | undefined;

  constructor(readonly entry: DesiredService) {}

  server(identity: string): Destination | undefined {
    this.#servers ??= new Map(this.entry.destinations.map((one) => [destinationIdentity(one), one]));
    return this.#servers.get(identity);
  }
}

function indexServices({ services = [] }: DesiredState): Map<string, IndexedService> {
  return new Map(services.map((entry) => [serviceIdentity(entry.service), new IndexedService(entry)]));
}

/** Changes of a table before they are made: what they are, and what they cost clients. */
import type { DesiredState } from "../desired.js";
import type { Daemon, DaemonState, Destination, DestinationKey, Service, ServiceKey, Timeouts } from "../table.js";

/** What a set of changes does. It concerns the services it names, and the parts that both states have; nothing else. */
export interface Plan {
  /** Every service that is added, deleted or changed, with its destinations. */
  readonly services: readonly ServiceKey[];
  /** Their current state, without the services that will be added. */
  readonly before: DesiredState;
  /** Their planned state, without the services that will be deleted. */
  readonly after: DesiredState;
}

/** The kinds of harm that a change can do to clients. */
export const costKinds = ["refused", "cut", "moved", "unsynced"] as const;
/**
 * `refused`: new connections are refused. `cut`: living connections end or hang. `moved`: clients are given another
 * destination. `unsynced`: other directors do not learn of connections.
 */
export type CostKind = (typeof costKinds)[number];

/** How a plan can end. */
export const planOutcomes = ["done", "undone", "changed", "partial", "unverified"] as const;
/**
 * `done`: the table is as planned. `undone`: it is as it was before. `changed`: every change was made, and somebody else
 * changed the same services. `partial`: some changes are made, and some are not. `unverified`: every change was made, and the
 * table could not be read again.
 */
export type PlanOutcome = (typeof planOutcomes)[number];

/** What a change costs clients. */
export interface Cost {
  readonly kind: CostKind;
  /** One sentence, without a full stop. */
  readonly reason: string;
}

/** Something before and after: without `before` it is added, without `after` it is deleted. */
export interface Transition<T> {
  readonly before?: T | undefined;
  readonly after?: T | undefined;
}

/** The object of a change, before and after it. */
export type ChangedObject =
  | ({ readonly object: "service"; readonly service: ServiceKey } & Transition<Service>)
  | ({
      readonly object: "destination";
      readonly service: ServiceKey;
      readonly destination: DestinationKey;
    } & Transition<Destination>)
  | ({ readonly object: "timeouts" } & Transition<Timeouts>)
  | ({ readonly object: "daemon"; readonly state: DaemonState } & Transition<Daemon>);

/** One change of a plan, in the order in which it is made. */
export type PlannedChange = ChangedObject & {
  /** The part of the document that it comes from: `services[3].destinations[0]`. */
  readonly path: string;
  readonly costs: readonly Cost[];
};

/** Whether the change adds, changes or deletes its object. */
export function eventOf({ before, after }: ChangedObject): "add" | "change" | "delete" {
  if (before === undefined) return "add";
  return after === undefined ? "delete" : "change";
}

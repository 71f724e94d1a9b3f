/** Desired state by functions: what the verbs diff, apply, undo and set do, over a client. */
import type { Assignment } from "../format/json/changes/assign-fields.js";
import { checkWritable } from "../format/json/changes/plan-document.js";
import { DocumentError } from "../format/json/document-error.js";
import { describeOverride } from "../format/text/plan/override-lines.js";
import { nodePlatform } from "../host/node-platform.js";
import { systemHost } from "../host/system-host.js";
import type { IpvsClient } from "../ipvs/client.js";
import type { PlannedChange } from "../model/changes/plan.js";
import type { DesiredState } from "../model/desired.js";
import { destinationIdentity } from "../model/identity.js";
import { checkObject } from "../model/input/check-value.js";
import { findDesiredFaults } from "../model/input/desired-faults.js";
import { completeDestinationKey, type DestinationKeyInput } from "../model/input/destination-input.js";
import { completeServiceKey, type ServiceKeyInput } from "../model/input/service-input.js";
import { type DeletionLimit, defaultDeletionLimit, findExcess } from "../plan/deletion-guard.js";
import { describePlan } from "../plan/describe.js";
import type { PlanOptions } from "../plan/narrow.js";
import { heldAgainst } from "../plan/overrides.js";
import { ChangeError, PlanError } from "../transaction/change-error.js";
import { type ChangeTableOptions, type CheckPlan, changeTable, type PreparePlan } from "../transaction/change-table.js";
import { OverrideStore } from "../transaction/override-store.js";
import { prepareDesired, prepareStoredUndo } from "../transaction/prepare.js";
import { prepareSettings, type SettingTarget } from "../transaction/prepare-settings.js";
import { type UndoEntry, UndoStore } from "../transaction/undo-store.js";
import { withBytePath } from "./byte-paths.js";
import type { Ipvs } from "./ipvs.js";

/** How a plan is carried out. */
export interface ChangeOptions extends Pick<ChangeTableOptions, "wait" | "signal" | "onProgress"> {
  /** The absolute path of the folder for undo, instead of `/var/lib/ipvsadm/undo`. U+DC00 plus a byte is that byte. */
  readonly undoFolder?: string | undefined;
  /** Rejects a plan that costs clients something (default false). */
  readonly refuseDisruption?: boolean | undefined;
}

/** How a desired state is applied. */
export interface ApplyOptions extends ChangeOptions, PlanOptions, Pick<ChangeTableOptions, "onRefusal"> {
  /** How many services may be deleted (default: half of them). */
  readonly maxDelete?: DeletionLimit | undefined;
}

/** How fields are set. */
export interface SetOptions extends ChangeOptions {
  /** Rejects with a PlanError where a weight is held by a drain, a ramp or somebody (default true). */
  readonly overrides?: boolean | undefined;
}

/** What was changed, in that order. `undo` is the ID that takes it back, absent where there was nothing to change. */
export interface AppliedChanges {
  readonly changes: readonly PlannedChange[];
  readonly undo?: string | undefined;
}

/** What fields are set of: a service, one of its destinations, or the timeouts. */
export interface SetTarget {
  readonly service?: ServiceKeyInput | undefined;
  readonly destination?: DestinationKeyInput | undefined;
}

/** Fields of the document by name, such as `persistent.timeout`: values, or what `ipvsadm set` takes, such as `"50%"`. */
export type FieldValues = Readonly<Record<string, string | number | boolean>>;

/**
 * The changes that would make the table what is desired, in the order in which `applyState` makes them, each with what it
 * costs clients. Rejects with an IpvsError.
 *
 * @example
 * ```js
 * const desired = parseDocument(await readFile("/etc/ipvsadm.json"));
 * for (const { path, costs } of await diffTable(ipvs, desired)) console.log(path, costs);
 * ```
 */
export function diffTable(ipvs: Ipvs, desired: DesiredState, options: PlanOptions = {}): Promise<PlannedChange[]> {
  return ipvs.exclusively(async (client) => {
    const overrides = await (await OverrideStore.open(systemHost(nodePlatform))).read();
    const { plan, current } = await prepareDesired(client, desired, options, overrides);
    return describePlan(plan, current);
  });
}

/**
 * Makes the table what is desired, as `ipvsadm apply` does: only what differs is changed, under the lock that the verbs take,
 * saved for undo first, and taken back where the kernel refuses. A part of the state that is absent stays as it is. Rejects
 * with a ChangeError, whose result says how the table is. Nothing is changed where it rejects otherwise: with a PlanError (too
 * much would be deleted, or it costs clients something), a DocumentError or a TypeError that names a wrong value, an IpvsError,
 * or an error that says why the lock or the folder for undo cannot be had.
 *
 * @example
 * ```js
 * const { changes, undo } = await applyState(ipvs, desired, { keepWeights: true });
 * ```
 */
export async function applyState(
  ipvs: Ipvs,
  desired: DesiredState,
  options: ApplyOptions = {},
): Promise<AppliedChanges> {
  const { only, ignore, prune, keepWeights, overrides, maxDelete = defaultDeletionLimit, ...rest } = options;
  checkObject(desired, "desired");
  for (const { path, fault } of findDesiredFaults(desired)) throw new DocumentError(fault, path);
  checkWritable(desired);
  const narrowing = { only, ignore, prune, keepWeights, overrides };
  const prepare: PreparePlan = (client, held) => prepareDesired(client, desired, narrowing, held);
  return changeByPlan(ipvs, prepare, { command: "apply", ...rest }, ({ plan, services }, changes) => {
    const excess = findExcess(plan, services, maxDelete);
    if (excess !== undefined) throw new PlanError(excess, changes);
  });
}

/**
 * Takes back what `applyState`, `setFields`, an undo or a verb of the program changed: the change of the id or, for `"newest"`,
 * the newest one, whoever made it, but none that is older than the network namespace. Rejects like applyState, with a
 * RangeError where there is no such change, and with a TypeError without an id: the `undo` of a call that had nothing to change
 * is undefined, and takes back nothing.
 *
 * @example
 * ```js
 * const { undo } = await applyState(ipvs, desired);
 * if (undo !== undefined) await undoChange(ipvs, undo);
 * ```
 */
export async function undoChange(ipvs: Ipvs, id: string, options: ChangeOptions = {}): Promise<AppliedChanges> {
  if (typeof id !== "string") throw new TypeError(`id must be a string, such as "newest", not ${String(id)}`);
  const store = await UndoStore.open(systemHost(nodePlatform), withBytePath(options).undoFolder);
  const wanted = id === "newest" ? undefined : id;
  const prepare = async (client: IpvsClient) => {
    const prepared = await prepareStoredUndo(client, store, { id: wanted, forgets: true });
    if (prepared === undefined) throw new RangeError(`nothing to undo: ${id}`);
    return prepared;
  };
  return changeByPlan(ipvs, prepare, { command: "undo", ...options });
}

/** What `undoChange` can take back, newest first. Rejects where the folder for undo cannot be read. */
export async function listUndo(folder?: string): Promise<UndoEntry[]> {
  return (await UndoStore.open(systemHost(nodePlatform), withBytePath({ undoFolder: folder }).undoFolder)).list();
}

/**
 * Sets single fields of a service, of one of its destinations or, with neither, of the timeouts; the others stay as they are.
 * Rejects like applyState (also for a weight that is held), with a DocumentError that names the field, or with a RangeError
 * where there is nothing to set.
 *
 * @example
 * ```js
 * await setFields(ipvs, { service: web, destination: { address: "10.0.0.1" } }, { weight: "50%" });
 * ```
 */
export async function setFields(
  ipvs: Ipvs,
  target: SetTarget,
  fields: FieldValues,
  { overrides = true, ...options }: SetOptions = {},
): Promise<AppliedChanges> {
  const assignments = Object.entries(fields).map(([field, value]): Assignment => {
    return { field, operator: "=", value: String(value) };
  });
  const request = { target: toSettingTarget(target), assignments, expected: [] };
  const prepare = async (client: IpvsClient) => {
    const prepared = await prepareSettings(client, request);
    if (prepared.hits === 0) throw new RangeError("no service or destination matches");
    return prepared;
  };
  return changeByPlan(ipvs, prepare, { command: "set", ...options }, (_, changes, held) => {
    const [override] = overrides ? heldAgainst(held, changes) : [];
    if (override !== undefined) throw new PlanError(`held: ${describeOverride(override)}`, changes);
  });
}

function toSettingTarget({ service, destination }: SetTarget): SettingTarget {
  if (service === undefined) {
    if (destination === undefined) return { object: "timeouts" };
    throw new TypeError("a destination needs a service");
  }
  const key = completeServiceKey(service);
  if (destination === undefined) return { object: "service", service: key };
  const identity = destinationIdentity(completeDestinationKey(key, destination));
  return { object: "destination", service: key, isChosen: (each) => destinationIdentity(each) === identity };
}

async function changeByPlan(
  ipvs: Ipvs,
  prepare: PreparePlan,
  { refuseDisruption = false, ...options }: ChangeOptions & Pick<ChangeTableOptions, "command" | "onRefusal">,
  check?: (...plan: Parameters<CheckPlan>) => void,
): Promise<AppliedChanges> {
  const allow: CheckPlan = async (prepared, changes, overrides) => {
    check?.(prepared, changes, overrides);
    const costly = changes.find(({ costs }) => costs.length > 0);
    if (refuseDisruption && costly) throw new PlanError(`a change costs clients something: ${costly.path}`, changes);
  };
  const host = systemHost(nodePlatform);
  const work = (client: IpvsClient) => changeTable(host, client, prepare, { ...withBytePath(options), check: allow });
  const { changes, result } = await ipvs.exclusively(work);
  if (result !== undefined && result.outcome !== "done") throw new ChangeError(changes, result);
  return { changes, undo: result?.undo };
}

import { type Assignment, assignFields, holdsFields } from "../format/json/changes/assign-fields.js";
import { documentOf, timeoutsKind } from "../format/json/document.js";
import { DocumentError } from "../format/json/document-error.js";
import { fromDocument, toState } from "../format/json/from-document.js";
import { listOf } from "../format/json/kinds.js";
import { isList, type JsonObject } from "../format/json/parse-json.js";
import { entryKind } from "../format/json/service-kinds.js";
import type { IpvsClient } from "../ipvs/client.js";
import { readSelected, readState } from "../ipvs/read-table.js";
import type { DesiredService, DesiredState } from "../model/desired.js";
import { destinationIdentity, serviceIdentity } from "../model/identity.js";
import { findDesiredFaults } from "../model/input/desired-faults.js";
import { isFlagOf } from "../model/scheduler-flags.js";
import type { DestinationKey, ServiceKey } from "../model/table.js";
import { makePlan } from "../plan/plan.js";
import type { Prepared } from "./prepare.js";

/** The objects whose settings are set. */
export type SettingTarget =
  | { readonly object: "timeouts" }
  | { readonly object: "service"; readonly service: ServiceKey }
  /** The chosen destinations of one service, or of all. */
  | {
      readonly object: "destination";
      readonly service?: ServiceKey | undefined;
      readonly isChosen: (destination: DestinationKey) => boolean;
    };

export interface SettingRequest {
  readonly target: SettingTarget;
  readonly assignments: readonly Assignment[];
  /** What must hold before. */
  readonly expected: readonly Assignment[];
}

/** A plan that sets fields, and what it was made for. */
export interface PreparedSettings extends Prepared {
  /** How many objects the target means. */
  readonly hits: number;
  /** Those that do not meet an expectation, as `server 10.0.0.2:80 of tcp 192.0.2.10:80`. */
  readonly unexpected: readonly string[];
}

/**
 * The plan that sets fields and leaves every other setting as it is. Rejects with an IpvsError, or with a DocumentError that
 * names the object and the field.
 */
export async function prepareSettings(client: IpvsClient, request: SettingRequest): Promise<PreparedSettings> {
  const { target } = request;
  const current = await readTarget(client, target);
  const work = new SettingWork(request);
  const desired = target.object === "timeouts" ? work.setTimeouts(current) : work.setServices(current);
  const touched = { ...current, ...(desired.services && { services: work.entries }) };
  const { hits, unexpected } = work;
  const isWhole = target.object === "destination" && target.service === undefined;
  const plan = makePlan(touched, desired);
  return { plan, current, services: work.entries.length, moved: [], isWhole, hits, unexpected };
}

function readTarget(client: IpvsClient, target: SettingTarget): Promise<DesiredState> {
  if (target.object === "timeouts") return readState(client, ["timeouts"]);
  return target.service === undefined
    ? readState(client, ["services"])
    : readSelected(client, [target.service]).then((services) => ({ services }));
}

/**
 * The settings without those that have lost their meaning, unless they are assigned too: the tunnel of another forwarding
 * method, and flags of another scheduler.
 */
function withoutUnused(settings: JsonObject, assignments: readonly Assignment[]): JsonObject {
  const { tunnel, ...others } = settings;
  const { forward, scheduler, sched_flags: flags } = settings;
  const isAssigned = (name: string) => assignments.some(({ field }) => field === name || field.startsWith(`${name}.`));
  if (tunnel !== undefined && forward !== "tunnel" && !isAssigned("tunnel")) return others;
  if (flags === undefined || !isList(flags) || isAssigned("sched_flags")) return settings;
  return { ...settings, sched_flags: flags.filter((name) => isFlagOf(String(scheduler), String(name))) };
}

class SettingWork {
  hits = 0;
  readonly unexpected: string[] = [];
  /** The services that have something the target means. */
  readonly entries: DesiredService[] = [];

  constructor(private readonly request: SettingRequest) {}

  setTimeouts({ timeouts }: DesiredState): DesiredState {
    if (timeouts === undefined) return {};
    const assigned = this.#assign(timeoutsKind.write(timeouts, false), "timeouts");
    return fromDocument(documentOf({ timeouts: assigned }));
  }

  setServices({ services = [] }: DesiredState): DesiredState {
    const assigned: JsonObject[] = [];
    for (const entry of services) {
      const hits = this.hits;
      const json = this.#setEntry(entry);
      if (this.hits === hits) continue;
      this.entries.push(entry);
      assigned.push(json);
    }
    if (assigned.length === 0) return {};
    try {
      const desired = toState({ services: listOf(entryKind).read(assigned, "services") });
      // A table that other programs made can have faults already, which these assignments did not cause.
      const known = new Set(Array.from(findDesiredFaults({ services: this.entries }), ({ path }) => path));
      for (const { path, fault } of findDesiredFaults(desired)) {
        if (!known.has(path)) throw new DocumentError(fault, path);
      }
      return desired;
    } catch (error) {
      throw error instanceof DocumentError ? this.#renamed(error) : error;
    }
  }

  #setEntry(entry: DesiredService): JsonObject {
    const { target } = this.request;
    const json = entryKind.write(entry, false) as JsonObject;
    const name = serviceIdentity(entry.service);
    if (target.object === "service") return this.#assign(json, `service ${name}`);
    if (target.object !== "destination" || !isList(json.destinations ?? null)) return json;
    const destinations = entry.destinations.map((destination, index) => {
      const written = (json.destinations as readonly JsonObject[])[index] ?? {};
      if (!target.isChosen(destination)) return written;
      return this.#assign(written, `server ${destinationIdentity(destination)} of ${name}`);
    });
    return { ...json, destinations };
  }

  #assign(settings: JsonObject, name: string): JsonObject {
    const { target, assignments, expected } = this.request;
    this.hits++;
    try {
      if (!holdsFields(target.object, settings, expected)) this.unexpected.push(name);
      return withoutUnused(assignFields(target.object, settings, assignments), assignments);
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      const place = target.object === "timeouts" ? `${name}.${error.path}` : `${name}: ${error.path}`;
      throw new DocumentError(error.fault, place);
    }
  }

  /** The fault with the name of its object in place of a path, since the user wrote no document. */
  #renamed(error: DocumentError): DocumentError {
    const [, service, , server, field = ""] =
      /^services\[(\d+)\](\.destinations\[(\d+)\])?\.?(.*)$/.exec(error.path) ?? [];
    const entry = this.entries[Number(service)];
    if (entry === undefined) return error;
    const destination = server === undefined ? undefined : entry.destinations[Number(server)];
    const name = serviceIdentity(entry.service);
    return new DocumentError(
      error.fault,
      `${destination ? `server ${destinationIdentity(destination)} of ${name}` : `service ${name}`}: ${field}`,
    );
  }
}

/** The changes of a plan in JSON, declared from the parts that the watcher's events have, and from the document's fields. */

import { type Cost, costKinds, eventOf, type PlannedChange } from "../../../model/changes/plan.js";
import type { KnownDestinationSettings, KnownServiceSettings } from "../../../model/known-table.js";
import { type Daemon, daemonStates, type Timeouts } from "../../../model/table.js";
import { daemonKind, timeoutsKind } from "../document.js";
import { DocumentError } from "../document-error.js";
import { type Kind, listOf, oneOf, unicode } from "../kinds.js";
import { type Fields, type ObjectKind, object, optional, required } from "../objects.js";
import { isList, type JsonObject, type JsonValue } from "../parse-json.js";
import {
  type BeforeAfter,
  changesOf,
  destinationChangesKind,
  destinationSubject,
  serviceChangesKind,
  serviceSubject,
} from "./change-kinds.js";

const costKind = object("a cost", {
  kind: required(
    oneOf(...costKinds),
    "`refused`: new connections are refused; `cut`: living connections end or hang; `moved`: clients get another " +
      "server; `unsynced`: other directors do not learn of connections.",
  ),
  reason: required(unicode("text"), "Why, as one sentence."),
} satisfies Record<keyof Cost, unknown>);

/** A change of an object of some name, with the fields that say of which one. */
function plannedKind<F extends Fields>(title: string, events: readonly string[], fields: F): ObjectKind<Fields> {
  return object(title, {
    event: required(oneOf(...events), "What the change does."),
    ...fields,
    path: optional(unicode("text"), "The part of the file that it is for."),
    costs: required(listOf(costKind), "What it costs clients; empty where it costs them nothing."),
  });
}

const plannedText = "The fields that change; of what is added, all.";
const addedOrChanged = ["add", "change"] as const;

function changedField<Settings>(kind: ReturnType<typeof changesOf<Settings & object>>) {
  return { changed: required(kind, plannedText, { from: (change: BeforeAfter<Settings & object>) => change }) };
}

const daemonSubject = {
  object: required(oneOf("daemon"), "What it changes."),
  state: required(oneOf(...daemonStates), "Which daemon."),
};

const objectKinds = {
  service: plannedKind("an added or changed service of a plan", addedOrChanged, {
    ...serviceSubject,
    ...changedField<KnownServiceSettings>(serviceChangesKind),
  }),
  deletedService: plannedKind("a deleted service of a plan", ["delete"], serviceSubject),
  destination: plannedKind("an added or changed server of a plan", addedOrChanged, {
    ...destinationSubject,
    ...changedField<KnownDestinationSettings>(destinationChangesKind),
  }),
  deletedDestination: plannedKind("a deleted server of a plan", ["delete"], destinationSubject),
  timeouts: plannedKind("changed timeouts of a plan", addedOrChanged, {
    object: required(oneOf("timeouts"), "What it changes."),
    ...changedField<Timeouts>(changesOf(timeoutsKind.title, timeoutsKind.fields)),
  }),
  daemon: plannedKind("a started daemon of a plan", ["add"], {
    ...daemonSubject,
    ...changedField<Daemon>(changesOf(daemonKind.title, daemonKind.fields)),
  }),
  stoppedDaemon: plannedKind("a stopped daemon of a plan", ["delete"], daemonSubject),
};

/** Every kind of planned change: a value is exactly one of them. */
const plannedKinds: readonly ObjectKind<Fields>[] = Object.values(objectKinds);

/** A change of a plan as JSON. */
export function writePlannedChange(change: PlannedChange): JsonObject {
  return kindOf(change).write({ ...change, event: eventOf(change) } as never, true);
}

function kindOf(change: PlannedChange): ObjectKind<Fields> {
  const isDeletion = change.after === undefined;
  switch (change.object) {
    case "service":
      return isDeletion ? objectKinds.deletedService : objectKinds.service;
    case "destination":
      return isDeletion ? objectKinds.deletedDestination : objectKinds.destination;
    case "daemon":
      return isDeletion ? objectKinds.stoppedDaemon : objectKinds.daemon;
    case "timeouts":
      return objectKinds.timeouts;
  }
}

/** Changes are derived from `before` and `after`, so they are not read but compared. */
export const changesKind: Kind<readonly JsonValue[], readonly PlannedChange[]> = {
  schema: () => ({ type: "array", items: { oneOf: plannedKinds.map((kind) => kind.schema()) } }),
  name: "list of changes",
  objects: plannedKinds.flatMap(({ objects }) => objects),
  read(value, path) {
    if (!isList(value)) throw new DocumentError("must be a list", path);
    return value;
  },
  write: (changes) => changes.map(writePlannedChange),
};

/** The changes one by one, for a stream. */
export function* writtenChanges(changes: Iterable<PlannedChange>): Generator<JsonValue> {
  for (const change of changes) yield writePlannedChange(change);
}

/** The events of the watcher, declared from the document's own fields. They are written by this; schema and reference derive. */
import type { KnownDestinationSettings, KnownServiceSettings } from "../../model/known-table.js";
import { largestInteger } from "../../model/limits.js";
import { changesBetween } from "../../model/setting-changes.js";
import type { SnapshotEvent, WatchEvent } from "../../model/watch-event.js";
import { headerKind } from "./document.js";
import { type FieldDescription, integer, type Kind, listOf, oneOf, text, unicode } from "./kinds.js";
import { eitherBy, type Fields, type ObjectKind, object, optional, required } from "./objects.js";
import type { JsonObject } from "./parse-json.js";
import { renderValue } from "./render-json.js";
import { addressServiceKind, destinationKind, entryOf, markServiceKind } from "./service-kinds.js";

/** The fields that name a service or a server. */
const keyNames = ["family", "fwmark", "protocol", "address", "port"] as const;
type KeyName = (typeof keyNames)[number];
const isKey = (name: string) => (keyNames as readonly string[]).includes(name);

function fieldsOf(fields: Fields, choose: (name: string, field: FieldDescription) => boolean): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name, field]) => choose(name, field)));
}

function keyOf<F extends Fields>({ title, fields }: ObjectKind<F>): ObjectKind<Pick<F, KeyName & keyof F>> {
  return object(`the key of ${title}`, fieldsOf(fields, isKey) as Pick<F, KeyName & keyof F>);
}

/** What a field was and is. */
function oldAndNew(kind: Kind<unknown>): Kind<unknown> {
  const change = object("a change", {
    old: optional(kind, "What it was; absent where there was nothing, or it is not known."),
    new: optional(kind, "What it is; absent where there is nothing, or it is not known."),
  });
  return { ...change, name: `\`old\` and \`new\`: ${kind.name}`, objects: kind.objects ?? [] };
}

/** All that is known before and after a change. */
interface BeforeAfter<Settings> {
  readonly before?: Settings;
  readonly after: Settings;
}

/** The settings that changed: not the key, nothing measured, and servers have events of their own. */
function changesOf<Settings extends Readonly<Record<string, unknown>>>(
  title: string,
  fields: Fields,
): Kind<unknown, BeforeAfter<Settings>> {
  const isSetting = (name: string, { measured }: FieldDescription) =>
    !isKey(name) && !measured && name !== "destinations";
  const settings = object(title, fieldsOf(fields, isSetting));
  const changes = settings.members.map(({ name, kind, description }) => [name, optional(oldAndNew(kind), description)]);
  return {
    ...object(`the changes of ${title}`, Object.fromEntries(changes)),
    write: ({ before, after }) =>
      changesBetween<JsonObject>(before ? settings.write(before, true) : {}, settings.write(after, true)) as JsonObject,
  };
}

/** The fields of every event. */
function eventFields<const T extends string>(...names: readonly T[]) {
  return {
    event: required(oneOf(...names), "What happened."),
    seq: required(integer(0, Number.MAX_SAFE_INTEGER), "Counts the events of one watcher, from 0."),
    time: required(
      text("a time", 24, /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/u),
      "When the reading began that told it: UTC, RFC 3339 with milliseconds.",
    ),
  };
}

/** A server as snapshots have it: what is configured comes before what is measured. */
const snapshotDestinationKind = object(destinationKind.title, {
  ...fieldsOf(destinationKind.fields, (_, { measured }) => !measured),
  ...destinationKind.fields,
});
const destinations = { ...addressServiceKind.fields.destinations, kind: listOf(snapshotDestinationKind) };
const snapshotServiceKind = eitherBy(
  "fwmark",
  object(markServiceKind.title, { ...markServiceKind.fields, destinations }),
  object(addressServiceKind.title, { ...addressServiceKind.fields, destinations }),
);

const snapshotKind = object("a snapshot", {
  ...eventFields("snapshot"),
  ipvs: required(headerKind, "What the table is.", {
    from: ({ info, source, time }: SnapshotEvent) => ({ ...info, source, takenAt: time }),
  }),
  services: required(
    listOf(entryOf(snapshotServiceKind, destinations.kind)),
    "The table, as a document has it; what is not known is absent.",
  ),
});

const gapKind = object("a gap", {
  ...eventFields("gap"),
  error: required(unicode("text"), "Why a reading failed. Told once for each reason."),
});

const serviceKeyKind = eitherBy("fwmark", keyOf(markServiceKind), keyOf(addressServiceKind));

const serviceSubject = {
  object: required(oneOf("service"), "To what it happened."),
  service: required(serviceKeyKind, "The service."),
};
const destinationSubject = {
  object: required(oneOf("destination"), "To what it happened."),
  service: required(serviceKeyKind, "The service that has the server."),
  destination: required(keyOf(destinationKind), "The server."),
};

const deletedServiceKind = object("a deleted service", { ...eventFields("delete"), ...serviceSubject });
const deletedDestinationKind = object("a deleted server", { ...eventFields("delete"), ...destinationSubject });

const changedText = "The fields that changed; of what was added, all that are known.";

const serviceChangesKind = changesOf<KnownServiceSettings>(addressServiceKind.title, {
  ...addressServiceKind.fields,
  timeoutTicks: optional(
    integer(-largestInteger - 1, largestInteger),
    "Timeout of persistence in the kernel's clock ticks, where its seconds are not known.",
  ),
});
const destinationChangesKind = changesOf<KnownDestinationSettings>(destinationKind.title, destinationKind.fields);

const changedServiceKind = object("an added or changed service", {
  ...eventFields("add", "change"),
  ...serviceSubject,
  changed: required(serviceChangesKind, changedText, { from: (event: BeforeAfter<KnownServiceSettings>) => event }),
});
const changedDestinationKind = object("an added or changed server", {
  ...eventFields("add", "change"),
  ...destinationSubject,
  changed: required(destinationChangesKind, changedText, {
    from: (event: BeforeAfter<KnownDestinationSettings>) => event,
  }),
});

/** Every kind of event: a line is exactly one of them. */
export const eventKinds = [
  snapshotKind,
  changedServiceKind,
  deletedServiceKind,
  changedDestinationKind,
  deletedDestinationKind,
  gapKind,
] as const;

/** An event as a line of JSON. */
export function renderEvent(event: WatchEvent): string {
  return `${renderValue(writeEvent(event))}\n`;
}

function writeEvent(event: WatchEvent): JsonObject {
  switch (event.event) {
    case "snapshot":
      return snapshotKind.write(event, true);
    case "gap":
      return gapKind.write(event, true);
    case "delete":
      return event.object === "service"
        ? deletedServiceKind.write(event, true)
        : deletedDestinationKind.write(event, true);
    default:
      return event.object === "service"
        ? changedServiceKind.write(event, true)
        : changedDestinationKind.write(event, true);
  }
}

/** The events of the watcher, declared from the document's own fields. Output, schema and reference derive from this. */
import type { KnownDestinationSettings, KnownServiceSettings } from "../../../model/known-table.js";
import type { PassingEvent, PassingSnapshotEvent, SampleEvent } from "../../../model/watch-event.js";
import { headerKind } from "../document.js";
import { lineStyle } from "../json-style.js";
import { integer, listOf, oneOf, text, unicode, writeEach } from "../kinds.js";
import { eitherBy, object, required } from "../objects.js";
import type { JsonObject } from "../parse-json.js";
import { renderObject, renderValue } from "../render-json.js";
import { addressServiceKind, destinationKind, entryOf, markServiceKind, statistics } from "../service-kinds.js";
import {
  type BeforeAfter,
  destinationChangesKind,
  destinationSubject,
  fieldsOf,
  serviceChangesKind,
  serviceSubject,
} from "./change-kinds.js";

const sequenceNumber = integer(0, Number.MAX_SAFE_INTEGER);
const timeText = text("a time", 24, /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/u);

/** The fields of every event. */
export function eventFields<const T extends string>(...names: readonly T[]) {
  return {
    event: required(oneOf(...names), "What happened."),
    seq: required(sequenceNumber, "Counts the events of one watcher, from 0."),
    time: required(timeText, "When the reading that found it began: UTC, RFC 3339 with milliseconds."),
  };
}

/** The fields of every event of a command that works for some time. */
export function workFields<const T extends string>(name: T, description: string) {
  return {
    event: required(oneOf(name), description),
    seq: required(sequenceNumber, "Counts the events of one command, from 0."),
    time: required(timeText, "When it happened: UTC, RFC 3339 with milliseconds."),
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

const snapshotEntryKind = entryOf(snapshotServiceKind, destinations.kind);
const snapshotKind = object("a snapshot", {
  ...eventFields("snapshot"),
  ipvs: required(headerKind, "What the table is.", {
    from: ({ info, source, time }: PassingSnapshotEvent) => ({ ...info, source, takenAt: time }),
  }),
  services: required(listOf(snapshotEntryKind), "The table, as a document has it; what is not known is absent."),
});

export const gapKind = object("a gap", {
  ...eventFields("gap"),
  error: required(unicode("text"), "Why a reading failed. Each reason is reported once."),
});

const deletedServiceKind = object("a deleted service", { ...eventFields("delete"), ...serviceSubject });
const deletedDestinationKind = object("a deleted server", { ...eventFields("delete"), ...destinationSubject });

const changedText = "The fields that changed; of what was added, all that are known.";

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

const sampledDirectorKind = object("a sample of the director", {
  ...eventFields("sample"),
  object: required(oneOf("director"), "Of what it is: all services together, those that are gone too."),
  ...statistics,
});
const sampledServiceKind = object("a sample of a service", {
  ...eventFields("sample"),
  ...serviceSubject,
  ...statistics,
});
const sampledDestinationKind = object("a sample of a server", {
  ...eventFields("sample"),
  ...destinationSubject,
  ...fieldsOf(destinationKind.fields, (_, { measured }) => measured),
});

/** Every kind of event: a line is exactly one of them. */
export const eventKinds = [
  snapshotKind,
  changedServiceKind,
  deletedServiceKind,
  changedDestinationKind,
  deletedDestinationKind,
  gapKind,
  sampledDirectorKind,
  sampledServiceKind,
  sampledDestinationKind,
] as const;

/** An event as a line of JSON in pieces, of which a snapshot has many. */
export function* renderEvent(event: PassingEvent | SampleEvent): Generator<string> {
  if (event.event === "snapshot") yield* renderSnapshot(event);
  else yield `${renderValue(writeEvent(event))}\n`;
}

function renderSnapshot(event: PassingSnapshotEvent): Generator<string> {
  const members = snapshotKind.write({ ...event, services: [] }, true);
  const services = { stream: writeEach(snapshotEntryKind, event.services, true) };
  return renderObject(Object.entries({ ...members, services }), lineStyle);
}

function writeEvent(event: Exclude<PassingEvent, PassingSnapshotEvent> | SampleEvent): JsonObject {
  switch (event.event) {
    case "sample":
      return writeSample(event);
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

function writeSample(event: SampleEvent): JsonObject {
  switch (event.object) {
    case "director":
      return sampledDirectorKind.write(event, true);
    case "service":
      return sampledServiceKind.write(event, true);
    case "destination":
      return sampledDestinationKind.write(event, true);
  }
}

/** The events of the watcher, declared from the document's own objects and fields. Their schema and reference page derive from this. */

import { largestInteger } from "../../model/limits.js";
import { addressService, destination, header, markService, service } from "./document.js";
import { type FieldDescription, integer, type Kind, listOf, type ObjectDescription, oneOf, text } from "./kinds.js";
import { eitherBy, type ObjectKind, object, optional, required } from "./objects.js";

/** The fields that name a service or a server. */
const keyNames: ReadonlySet<string> = new Set(["family", "fwmark", "protocol", "address", "port"]);

type Named = readonly [name: string, field: FieldDescription];

function fieldsOf({ fields }: ObjectDescription, choose: (named: Named) => boolean): ObjectDescription["fields"] {
  return Object.fromEntries(Object.entries(fields).filter(choose));
}

function keyOf(thing: ObjectDescription): ObjectKind<unknown> {
  return object(
    `the key of ${thing.title}`,
    fieldsOf(thing, ([name]) => keyNames.has(name)),
  );
}

/** What a field was and is. */
function changeOf(kind: Kind<unknown>): Kind<unknown> {
  const change = object("a change", {
    old: optional(kind, "What it was; absent where there was nothing, or it is not known."),
    new: optional(kind, "What it is; absent where there is nothing, or it is not known."),
  });
  return { ...change, name: `\`old\` and \`new\`: ${kind.name}`, objects: kind.objects ?? [] };
}

/** The settings of which changes are told: not the key, nothing measured, and servers have events of their own. */
function changesOf(thing: ObjectDescription, others: ObjectDescription["fields"] = {}): ObjectKind<unknown> {
  const isSetting = ([name, field]: Named) => !keyNames.has(name) && !field.measured && name !== "destinations";
  const settings = Object.entries({ ...fieldsOf(thing, isSetting), ...others });
  return object(
    `the changes of ${thing.title}`,
    Object.fromEntries(settings.map(([name, { kind, description }]) => [name, optional(changeOf(kind), description)])),
  );
}

/** The fields of every event. */
function eventFields<const T extends string>(...events: readonly T[]) {
  return {
    event: required(oneOf(...events), "What happened."),
    seq: required(integer(0, Number.MAX_SAFE_INTEGER), "Counts the events of one watcher, from 0."),
    time: required(
      text("a time", 24, /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/u),
      "When the reading began that told it: UTC, RFC 3339 with milliseconds.",
    ),
  };
}

const serviceKey = eitherBy("fwmark", keyOf(markService), keyOf(addressService));
const serviceSubject = {
  object: required(oneOf("service"), "To what it happened."),
  service: required(serviceKey, "The service."),
};
const destinationSubject = {
  object: required(oneOf("destination"), "To what it happened."),
  service: required(serviceKey, "The service that has the server."),
  destination: required(keyOf(destination), "The server."),
};

const serviceChanges = changesOf(addressService, {
  timeout_ticks: optional(
    integer(-largestInteger - 1, largestInteger),
    "Timeout of persistence in the kernel's clock ticks, where its seconds are not known.",
  ),
});
const changedText = "The fields that changed; of what was added, all that are known.";

/** Every kind of event: a line is exactly one of them. */
export const events: readonly ObjectKind<unknown>[] = [
  object("a snapshot", {
    ...eventFields("snapshot"),
    ipvs: required(header, "What the table is."),
    services: required(listOf(service), "The table, as a document has it; what is not known is absent."),
  }),
  object("an added or changed service", {
    ...eventFields("add", "change"),
    ...serviceSubject,
    changed: required(serviceChanges, changedText),
  }),
  object("a deleted service", { ...eventFields("delete"), ...serviceSubject }),
  object("an added or changed server", {
    ...eventFields("add", "change"),
    ...destinationSubject,
    changed: required(changesOf(destination), changedText),
  }),
  object("a deleted server", { ...eventFields("delete"), ...destinationSubject }),
  object("a gap", {
    ...eventFields("gap"),
    error: required(text("text"), "Why a reading failed. Told once for each reason."),
  }),
];

/** The key of a service or a server, and what changed: the parts of events and plans, from the document's own fields. */

import { changesBetween } from "../../../model/changes/setting-changes.js";
import type { KnownDestinationSettings, KnownServiceSettings } from "../../../model/known-table.js";
import { largestInteger } from "../../../model/limits.js";
import { type FieldDescription, integer, type Kind, oneOf } from "../kinds.js";
import { eitherBy, type Fields, type ObjectKind, object, optional, required } from "../objects.js";
import type { JsonObject } from "../parse-json.js";
import { addressServiceKind, destinationKind, markServiceKind } from "../service-kinds.js";

/** The fields that name a service or a server. */
const keyNames = ["family", "fwmark", "protocol", "address", "port"] as const;
type KeyName = (typeof keyNames)[number];
const isKey = (name: string) => (keyNames as readonly string[]).includes(name);

/** The fields that `choose` accepts. */
export function fieldsOf(fields: Fields, choose: (name: string, field: FieldDescription) => boolean): Fields {
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
export interface BeforeAfter<Settings> {
  readonly before?: Settings;
  readonly after: Settings;
}

/** The settings among these fields: not the key, nothing measured, and no servers. */
export function settingsOf(title: string, fields: Fields): ObjectKind<Fields> {
  const isSetting = (name: string, { measured }: FieldDescription) =>
    !isKey(name) && !measured && name !== "destinations";
  return object(title, fieldsOf(fields, isSetting));
}

/** The settings that changed; servers have changes of their own. */
export function changesOf<Settings extends object>(
  title: string,
  fields: Fields,
): Kind<unknown, BeforeAfter<Settings>> {
  const settings = settingsOf(title, fields);
  const changes = settings.members.map(({ name, kind, description }) => [name, optional(oldAndNew(kind), description)]);
  const write = (value: Settings) => settings.write(value as never, true);
  return {
    ...object(`the changes of ${title}`, Object.fromEntries(changes)),
    write: ({ before, after }) => changesBetween<JsonObject>(before ? write(before) : {}, write(after)) as JsonObject,
  };
}

export const serviceKeyKind = eitherBy("fwmark", keyOf(markServiceKind), keyOf(addressServiceKind));

/** What names a service in an event. */
export const serviceSubject = {
  object: required(oneOf("service"), "What it happened to."),
  service: required(serviceKeyKind, "The service."),
};
/** What names a server in an event. */
export const destinationSubject = {
  object: required(oneOf("destination"), "What it happened to."),
  service: required(serviceKeyKind, "The service that has the server."),
  destination: required(keyOf(destinationKind), "The server."),
};

export const serviceChangesKind = changesOf<KnownServiceSettings>(addressServiceKind.title, {
  ...addressServiceKind.fields,
  timeoutTicks: optional(
    integer(-largestInteger - 1, largestInteger),
    "Timeout of persistence in the kernel's clock ticks, where its seconds are not known.",
  ),
});
export const destinationChangesKind = changesOf<KnownDestinationSettings>(
  destinationKind.title,
  destinationKind.fields,
);

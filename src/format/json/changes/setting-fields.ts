/** The settings of what a plan changes as fields with dotted names, such as `persistent.timeout`: for texts, and for `set`. */
import type { ChangedObject } from "../../../model/changes/plan.js";
import { daemonKind, timeoutsKind } from "../document.js";
import type { Member } from "../kinds.js";
import type { Fields, ObjectKind } from "../objects.js";
import { isObject, type JsonValue } from "../parse-json.js";
import { addressServiceKind, destinationKind } from "../service-kinds.js";
import { settingsOf } from "./change-kinds.js";

const settingKinds: Readonly<Record<ChangedObject["object"], ObjectKind<Fields>>> = {
  service: settingsOf(addressServiceKind.title, addressServiceKind.fields),
  destination: settingsOf(destinationKind.title, destinationKind.fields),
  timeouts: settingsOf(timeoutsKind.title, timeoutsKind.fields),
  daemon: settingsOf(daemonKind.title, daemonKind.fields),
};

/** The fields of one state of an object, by their dotted names. What is absent in JSON is absent here. */
export function fieldsOfState(object: ChangedObject["object"], state: object | undefined): Map<string, JsonValue> {
  const fields = new Map<string, JsonValue>();
  if (state !== undefined) flatten(settingKinds[object].write(state as never, false), "", fields);
  return fields;
}

/** The settings of an object as they are declared. */
export function settingMembers(object: ChangedObject["object"]): readonly Member[] {
  return settingKinds[object].members;
}

/** Whether a field has its default value. */
export function isDefaultField(object: ChangedObject["object"], name: string, value: JsonValue): boolean {
  const fallback = settingKinds[object].members.find((member) => member.name === name)?.fallback;
  return fallback !== undefined && JSON.stringify(fallback) === JSON.stringify(value);
}

function flatten(value: JsonValue, name: string, fields: Map<string, JsonValue>): void {
  if (!isObject(value)) {
    fields.set(name, value);
    return;
  }
  for (const [key, member] of Object.entries(value)) flatten(member, name === "" ? key : `${name}.${key}`, fields);
}

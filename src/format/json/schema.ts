import { drainEventKinds, rampEventKinds } from "./changes/drain-events.js";
import { eventKinds } from "./changes/events.js";
import { overridesKind } from "./changes/override-document.js";
import { planKind } from "./changes/plan-document.js";
import { resultKind } from "./changes/result-document.js";
import { undoListKind } from "./changes/undo-list.js";
import { connectionEventKinds } from "./connections/connection-events.js";
import { documentKind } from "./document.js";
import { isList, isObject, type JsonObject, type JsonValue } from "./parse-json.js";

const dialect = "https://json-schema.org/draft/2020-12/schema";

/** The document's JSON Schema. */
export const documentSchema: JsonObject = {
  $schema: dialect,
  $id: "urn:ipvsadm:document:1",
  description:
    "What ipvsadm --json prints and ipvsadm --restore reads. Fields that are readOnly are measured by the kernel.",
  ...documentKind.schema(),
};

/** The JSON Schema of a line of events. */
const eventSchema: JsonObject = {
  $schema: dialect,
  $id: "urn:ipvsadm:event:1",
  description: "A line that ipvsadm watch --json prints. Fields that are readOnly are measured by the kernel.",
  oneOf: eventKinds.map((kind) => withoutDefaults(kind.schema())),
};

/** The JSON Schema of a line of events of connections. */
const connectionEventSchema: JsonObject = {
  $schema: dialect,
  $id: "urn:ipvsadm:connection-event:1",
  description: "A line that ipvsadm connections --follow --json prints.",
  oneOf: connectionEventKinds.map((kind) => withoutDefaults(kind.schema())),
};

/** The JSON Schema of a plan. */
const planSchema: JsonObject = {
  $schema: dialect,
  $id: "urn:ipvsadm:plan:1",
  description: "What ipvsadm diff --json prints, and ipvsadm apply --plan reads.",
  ...planKind.schema(),
};

/** The JSON Schema of a line of events of a drain. */
const drainEventSchema: JsonObject = {
  $schema: dialect,
  $id: "urn:ipvsadm:drain-event:1",
  description: "A line that ipvsadm drain --json prints.",
  oneOf: Object.values(drainEventKinds).map((kind) => kind.schema()),
};

/** The JSON Schema of a line of events of a ramp. */
const rampEventSchema: JsonObject = {
  $schema: dialect,
  $id: "urn:ipvsadm:ramp-event:1",
  description: "A line that ipvsadm ramp --json and ipvsadm undrain --over --json print.",
  oneOf: Object.values(rampEventKinds).map((kind) => kind.schema()),
};

/** The JSON Schema of the weights that are held. */
const overridesSchema: JsonObject = {
  $schema: dialect,
  $id: "urn:ipvsadm:overrides:1",
  description: "What ipvsadm overrides --json prints.",
  ...overridesKind.schema(),
};

/** The JSON Schema of what a verb that changes the table did. */
const resultSchema: JsonObject = {
  $schema: dialect,
  $id: "urn:ipvsadm:result:1",
  description: "What ipvsadm apply, undo, set and flush print with --json.",
  ...resultKind.schema(),
};

/** The JSON Schema of the list of commands that can be taken back. */
const undoListSchema: JsonObject = {
  $schema: dialect,
  $id: "urn:ipvsadm:undo:1",
  description: "What ipvsadm undo --list prints with --json.",
  ...undoListKind.schema(),
};

/** Every schema by the name of its file: `schema/NAME.schema.json`. */
export const schemas: Readonly<Record<string, JsonObject>> = {
  "ipvsadm-1": documentSchema,
  "ipvsadm-event-1": eventSchema,
  "ipvsadm-connection-event-1": connectionEventSchema,
  "ipvsadm-plan-1": planSchema,
  "ipvsadm-result-1": resultSchema,
  "ipvsadm-overrides-1": overridesSchema,
  "ipvsadm-drain-event-1": drainEventSchema,
  "ipvsadm-ramp-event-1": rampEventSchema,
  "ipvsadm-undo-1": undoListSchema,
};

/** In events an absent field is not known: it stands for nothing. */
function withoutDefaults(schema: JsonValue): JsonValue {
  if (isList(schema)) return schema.map(withoutDefaults);
  if (!isObject(schema)) return schema;
  const kept = Object.entries(schema).filter(([name]) => name !== "default");
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutDefaults(value)]));
}

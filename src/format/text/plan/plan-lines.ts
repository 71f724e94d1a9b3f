import { type ChangedObject, eventOf, type PlannedChange } from "../../../model/changes/plan.js";
import { destinationIdentity, serviceIdentity } from "../../../model/identity.js";
import { fieldsOfState, isDefaultField } from "../../json/changes/setting-fields.js";
import { isList, type JsonValue } from "../../json/parse-json.js";

/** How the lines of a plan look. */
export interface PlanStyle {
  /** A line by what its change does. */
  change(event: "add" | "change" | "delete", line: string): string;
  /** A line that says what a change costs clients. */
  cost(line: string): string;
}

/** Without colors. */
export const plainPlanStyle: PlanStyle = { change: (_, line) => line, cost: (line) => line };

const marks = { add: "+", change: "~", delete: "-" } as const;

/** The changes of a plan, a line each, with a line below it for each thing that it costs clients. */
export function* renderPlanLines(changes: Iterable<PlannedChange>, style: PlanStyle): Generator<string> {
  for (const change of changes) {
    const event = eventOf(change);
    yield style.change(event, `${marks[event]} ${describeChange(change)}`);
    for (const { kind, reason } of change.costs) yield style.cost(`  ! ${kind}: ${reason}`);
  }
}

/** A change as one line: `server 10.0.0.2:80 of tcp 192.0.2.10:80 weight 3 -> 0`. */
function describeChange(change: ChangedObject): string {
  return [nameObject(change), ...describeFields(change)].join(" ");
}

function nameObject(change: ChangedObject): string {
  switch (change.object) {
    case "service":
      return `service ${serviceIdentity(change.service)}`;
    case "destination":
      return `server ${destinationIdentity(change.destination)} of ${serviceIdentity(change.service)}`;
    case "timeouts":
      return "timeouts";
    case "daemon":
      return `${change.state} daemon`;
  }
}

function describeFields({ object, before, after }: ChangedObject): string[] {
  const [old, now] = [fieldsOfState(object, before), fieldsOfState(object, after)];
  if (after === undefined) return [];
  if (before === undefined) {
    return [...now]
      .filter(([name, value]) => !isDefaultField(object, name, value) && name !== "state")
      .map(([name, value]) => `${name}=${renderField(value)}`);
  }
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((name) => [name, renderField(old.get(name)), renderField(now.get(name))] as const)
    .filter(([, previous, next]) => previous !== next)
    .map(([name, previous, next]) => `${name} ${previous} -> ${next}`);
}

function renderField(value: JsonValue | undefined): string {
  if (value === undefined) return "none";
  if (isList(value)) return value.length === 0 ? "none" : value.map(renderField).join(",");
  return String(value).replace(controlCharacters, (character) => `\\x${character.charCodeAt(0).toString(16)}`);
}

/** What a terminal would obey. A name from the kernel can be made of anything. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about.
const controlCharacters = /[\u0000-\u001f\u007f-\u009f]/g;

/** What a plan does, in one line: `2 to add, 1 to change, 0 to delete; 1 change costs clients something`. */
export function renderPlanSummary(changes: readonly PlannedChange[]): string {
  const count = (event: string) => changes.filter((change) => eventOf(change) === event).length;
  const costly = changes.filter(({ costs }) => costs.length > 0).length;
  const text = `${count("add")} to add, ${count("change")} to change, ${count("delete")} to delete`;
  if (costly === 0) return text;
  return `${text}; ${costly === 1 ? "1 change costs" : `${costly} changes cost`} clients something (!)`;
}

/** `FIELD=VALUE`: changes single fields of a service, a server or the timeouts, as documents have them. */
import type { ChangedObject } from "../../../model/changes/plan.js";
import { suggestWord } from "../candidates.js";
import { DocumentError } from "../document-error.js";
import type { Member } from "../kinds.js";
import { isList, isObject, type JsonObject, type JsonValue, quote } from "../parse-json.js";
import { seconds } from "../service-kinds.js";
import { settingMembers } from "./setting-fields.js";

/** How a value is combined with the current one. */
export const assignmentOperators = ["=", "+=", "-="] as const;
export type AssignmentOperator = (typeof assignmentOperators)[number];

/** `sched_flags+=mh-fallback`. */
export interface Assignment {
  /** A field of the document, with a dot where it is one of an object in it: `persistent.timeout`. */
  readonly field: string;
  readonly operator: AssignmentOperator;
  readonly value: string;
}

/** The words that remove a field that may be absent. */
const absentWords: readonly string[] = ["off", "none"];

/**
 * The settings after the assignments. An integer also takes `+5` and `-5`, and `50%` and `*100` of its current value.
 * A list takes names with commas between them. Throws a DocumentError that names the field.
 */
export function assignFields(
  object: ChangedObject["object"],
  settings: JsonObject,
  assignments: readonly Assignment[],
): JsonObject {
  return assignments.reduce((assigned, assignment) => {
    const names = assignment.field.split(".");
    const members = settingMembers(object);
    if (!members.some(({ name }) => name === names[0]))
      throw unknownField(assignment.field, members, ownerOf(names[0]));
    return assignIn(assigned, members, names, assignment);
  }, settings);
}

/** Whether the settings have the values of all assignments. Throws a DocumentError that names the field. */
export function holdsFields(
  object: ChangedObject["object"],
  settings: JsonObject,
  expected: readonly Assignment[],
): boolean {
  if (expected.length === 0) return true;
  return JSON.stringify(sorted(assignFields(object, settings, expected))) === JSON.stringify(sorted(settings));
}

function assignIn(
  settings: JsonObject,
  members: readonly Member[],
  [name = "", ...rest]: readonly string[],
  assignment: Assignment,
): JsonObject {
  const member = members.find((one) => one.name === name);
  if (member === undefined) throw unknownField(assignment.field, members);
  const current = settings[name];
  const inner = member.kind.objects?.[0]?.members;
  const isObjectKind = inner !== undefined && member.kind.schema().type === "object";
  if (rest.length > 0) {
    if (!isObjectKind) throw unknownField(assignment.field, members);
    return { ...settings, [name]: assignIn(isObject(current) ? current : {}, inner, rest, assignment) };
  }
  if (member.presence === "sometimes" && absentWords.includes(assignment.value)) {
    const { [name]: _, ...others } = settings;
    return others;
  }
  const value = isObjectKind ? parseObjectWord(current, assignment) : parseFieldValue(member, current, assignment);
  const { [member.alternative ?? ""]: _, ...others } = settings;
  return { ...others, [name]: value };
}

/** `persistent=on`: as it is, else with the defaults of everything in it. */
function parseObjectWord(current: JsonValue | undefined, { field, value }: Assignment): JsonValue {
  if (value === "on") return isObject(current) ? current : {};
  throw new DocumentError(`must be on or off; its own fields are set as ${field}.NAME=VALUE`, field);
}

function parseFieldValue(member: Member, current: JsonValue | undefined, assignment: Assignment): JsonValue {
  const { field, operator, value } = assignment;
  const { type } = member.kind.schema();
  if (type === "array") return parseList(current, assignment);
  if (operator !== "=") throw new DocumentError(`${operator} is only for lists`, field);
  if (type === "integer") return parseInteger(member, current, assignment);
  if (type === "boolean") {
    const word = new Map<string, boolean>([
      ["on", true],
      ["true", true],
      ["off", false],
      ["false", false],
    ]).get(value);
    if (word === undefined) throw new DocumentError(`must be on or off, not ${quote(value)}`, field);
    return word;
  }
  return value;
}

function parseList(current: JsonValue | undefined, { operator, value }: Assignment): JsonValue {
  const names = value === "" || absentWords.includes(value) ? [] : value.split(",");
  const existing = isList(current ?? null) ? (current as readonly JsonValue[]) : [];
  if (operator === "+=") return [...existing, ...names.filter((name) => !existing.includes(name))];
  if (operator === "-=") return existing.filter((name) => !names.includes(String(name)));
  return names;
}

const secondsOfUnit: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

function parseInteger(member: Member, current: JsonValue | undefined, { field, value }: Assignment): JsonValue {
  const [, time, unit = ""] = member.kind === seconds ? (/^(\d{1,9})([smhd])$/.exec(value) ?? []) : [];
  if (time !== undefined) return Number(time) * (secondsOfUnit[unit] ?? 1);
  const [, sign = "", digits, percent] = /^([+*-]?)(\d{1,15})(%?)$/.exec(value) ?? [];
  const number = Number(digits);
  if (digits === undefined || (sign !== "" && percent === "%")) {
    throw new DocumentError(`must be a number, +NUMBER, -NUMBER, *NUMBER or NUMBER%, not ${quote(value)}`, field);
  }
  if (sign === "" && percent === "") return number;
  if (typeof current !== "number") throw new DocumentError("has no value that this could be relative to", field);
  const result = relativeTo(current, sign, percent === "%", number);
  if (member.zero !== undefined && (current === 0 || result <= 0)) {
    throw new DocumentError(`0 means ${member.zero}, so nothing can be relative to it or end at it`, field);
  }
  if (result < 0) throw new DocumentError(`${value} of ${current} is below 0; to set it to 0: ${field}=0`, field);
  return result;
}

function relativeTo(current: number, sign: string, isPercentage: boolean, number: number): number {
  if (isPercentage) return scale(current, number / 100);
  if (sign === "*") return scale(current, number);
  return sign === "+" ? current + number : current - number;
}

/** A share of something is not nothing: 10% of a weight of 3 is 1, which does not drain. */
function scale(value: number, factor: number): number {
  return value > 0 && factor > 0 ? Math.max(1, Math.round(value * factor)) : 0;
}

function unknownField(field: string, members: readonly Member[], owner = ""): DocumentError {
  const names = members.map(({ name }) => name).join(", ");
  const meant = suggestWord(
    field.split(".").at(-1) ?? "",
    members.map(({ name }) => name),
  );
  return new DocumentError(owner === "" ? `unknown field; there are ${names}${meant}` : owner, field);
}

/** For a field that the chosen object lacks: which object has it, and how to choose that one. */
function ownerOf(name: string | undefined): string {
  const isIn = (object: ChangedObject["object"]) => settingMembers(object).some((member) => member.name === name);
  if (isIn("destination")) return "belongs to a server: add -r SERVER or --server ADDRESS";
  return isIn("service") ? "belongs to a service: leave out the server" : "";
}

/** Flags have no order, and neither have fields. */
function sorted(value: JsonValue): JsonValue {
  if (isList(value)) return value.map((element) => JSON.stringify(sorted(element))).sort();
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key] ?? null)]),
  );
}

import { type Assignment, assignmentOperators } from "../format/json/changes/assign-fields.js";
import { UsageError } from "./usage-error.js";

const assignmentPattern = /^([a-z_]+(?:\.[a-z_]+)*)(=|\+=|-=)(.*)$/s;

/** `FIELD=VALUE`, `FIELD+=VALUE` or `FIELD-=VALUE`. Throws a UsageError. */
export function parseAssignment(text: string): Assignment {
  const [, field, word, value] = assignmentPattern.exec(text) ?? [];
  const operator = assignmentOperators.find((one) => one === word);
  if (field === undefined || operator === undefined || value === undefined) {
    throw new UsageError(`${JSON.stringify(text)} is not FIELD=VALUE`);
  }
  return { field, operator, value };
}

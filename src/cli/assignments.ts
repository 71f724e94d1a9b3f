import { type Assignment, assignmentOperators } from "../format/json/changes/assign-fields.js";
import { UsageError } from "./usage-error.js";

/** A field may be misspelled: which ones there are is said later. */
const assignmentPattern = /^([A-Za-z][\w.-]*?)(=|\+=|-=)(.*)$/s;

/** `FIELD=VALUE`, `FIELD+=VALUE` or `FIELD-=VALUE`. Throws a UsageError. */
export function parseAssignment(text: string): Assignment {
  const [, field, word, value] = assignmentPattern.exec(text) ?? [];
  const operator = assignmentOperators.find((one) => one === word);
  if (field === undefined || operator === undefined || value === undefined) {
    // The old grammar has it. oclif takes it for a number.
    const advice = text === "-6" ? "\nuse --ipv6" : "";
    throw new UsageError(`${JSON.stringify(text)} is not FIELD=VALUE${advice}`);
  }
  return { field, operator, value };
}

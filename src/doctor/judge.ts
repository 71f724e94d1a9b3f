import type { Check } from "./check.js";
import { Evidence, Unread } from "./evidence.js";
import type { Facts } from "./facts.js";
import type { Finding } from "./finding.js";

/** What is wrong, in the order of the checks. A check that cannot read what it needs becomes a finding `unknown`. */
export function judge(facts: Facts, checks: readonly Check[]): Finding[] {
  const evidence = new Evidence(facts);
  const { role, method } = facts.subject;
  return checks
    .filter((check) => check.role === role && (role === "director" || check.methods.includes(method)))
    .flatMap((check) => judgeOne(check, evidence));
}

function judgeOne({ id, severity, why, remedy, find }: Check, evidence: Evidence): Finding[] {
  try {
    return Array.from(find(evidence), (problem) => ({
      id,
      severity,
      why,
      ...(problem.commands === undefined || problem.commands.length === 0 ? { advice: remedy } : {}),
      commands: [],
      ...problem,
    }));
  } catch (error) {
    if (!(error instanceof Unread)) throw error;
    return [{ id, severity: "unknown", object: "", read: error.message, why, commands: [] }];
  }
}

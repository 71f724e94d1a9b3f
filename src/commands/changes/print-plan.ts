import { outputJsonStyle } from "../../cli/json-output.js";
import { renderResult, type VerbResult } from "../../format/json/changes/result-document.js";
import { describeOverride } from "../../format/text/plan/override-lines.js";
import {
  type PlanStyle,
  plainPlanStyle,
  renderPlanLines,
  renderPlanSummary,
} from "../../format/text/plan/plan-lines.js";
import type { Host } from "../../host/host.js";
import { outputHasColors } from "../../host/terminal-abilities.js";
import type { PlannedChange } from "../../model/changes/plan.js";
import type { Override } from "../../model/override.js";

/** Prints a plan for a person: its changes, what they cost, what is held, and how many changes there are. */
export async function printPlan(
  changes: readonly PlannedChange[],
  host: Host,
  held: readonly Override[] = [],
): Promise<void> {
  const style = await planStyle(host);
  const summary = changes.length === 0 ? "nothing to change" : renderPlanSummary(changes);
  const holds = held.map((override) => `= ${describeOverride(override)}`);
  printLines([...renderPlanLines(changes, style), ...holds, summary], host);
}

/** Prints changes alone. What they cost has been said before they were made. */
export async function printChanges(changes: readonly PlannedChange[], host: Host): Promise<void> {
  const lines = [
    ...renderPlanLines(
      changes.map((change) => ({ ...change, costs: [] })),
      await planStyle(host),
    ),
  ];
  if (lines.length > 0) printLines(lines, host);
}

/** Prints lines of Unicode text, many at a time. */
export function printLines(lines: readonly string[], host: Host): void {
  const most = 1000;
  for (let start = 0; start < lines.length; start += most) {
    host.stdout.writeText(`${lines.slice(start, start + most).join("\n")}\n`);
  }
}

/** Prints what a verb did, as one JSON document. */
export async function printResult(result: VerbResult, host: Host): Promise<void> {
  for (const piece of renderResult(result, await outputJsonStyle(host))) host.stdout.write(piece);
}

/** The first changes of many, a line each, for an error message. */
export function listChanges(changes: readonly PlannedChange[]): string {
  return listSome([...renderPlanLines(changes.slice(0, mostListed), plainPlanStyle)], changes.length - mostListed);
}

/** The first overrides of many, likewise. */
export function listHeld(overrides: readonly Override[]): string {
  return listSome(overrides.slice(0, mostListed).map(describeOverride), overrides.length - mostListed);
}

const mostListed = 10;

/** The first lines of many. */
export function listFirst(lines: readonly string[], indent?: string): string {
  return listSome(lines.slice(0, mostListed), lines.length - mostListed, indent);
}

function listSome(lines: readonly string[], more: number, indent = "  "): string {
  return [...lines, ...(more > 0 ? [`... and ${more} more`] : [])].map((line) => `${indent}${line}`).join("\n");
}

async function planStyle(host: Host): Promise<PlanStyle> {
  if (!(await outputHasColors(host))) return plainPlanStyle;
  const { Chalk } = await import("chalk");
  const chalk = new Chalk({ level: 1 });
  const colors = { add: chalk.green, change: chalk.yellow, delete: chalk.red };
  return { change: (event, line) => colors[event](line), cost: (line) => chalk.redBright(line) };
}

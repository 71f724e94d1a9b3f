import { type Finding, severities } from "../finding.js";
import { unquoteWord } from "../naming.js";
import { wrap } from "./wrap.js";

/** Marks the word for a severity, for example with a color. */
export type MarkSeverity = (severity: Finding["severity"], text: string) => string;

const textWidth = 100;
const indent = "  ";

/** Findings for a person, in their order; at the end, what could not be examined. */
export function* renderFindings(findings: readonly Finding[], mark: MarkSeverity): Generator<string> {
  for (const { id, severity, object, read, why, advice, commands } of findings) {
    if (severity === "unknown") continue;
    yield `${mark(severity, severity)} ${id}: ${withoutControls(object)}: ${withoutControls(read)}`;
    yield* wrap(why, textWidth, indent, indent);
    if (advice !== undefined) yield* wrap(advice, textWidth, `${indent}do: `, `${indent}    `);
    for (const command of commands) yield `${indent}run: ${withoutControls(command)}`;
  }
  for (const [reason, ids] of groupUnknown(findings)) {
    yield `${mark("unknown", "unknown")} ${ids.join(", ")}: ${withoutControls(reason)}`;
  }
  yield renderSummary(findings);
}

/** The checks that could not be made, by the reason. */
function groupUnknown(findings: readonly Finding[]): ReadonlyMap<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { id, severity, read } of findings) {
    if (severity === "unknown") groups.set(read, [...(groups.get(read) ?? []), id]);
  }
  return groups;
}

/** `2 errors, 1 hint`, or that there is nothing. */
function renderSummary(findings: readonly Finding[]): string {
  const parts = severities
    .map((severity) => countText(findings.filter((finding) => finding.severity === severity).length, severity))
    .filter((text) => text !== "");
  const unknown = findings.filter(({ severity }) => severity === "unknown").length;
  const unread = unknown === 0 ? "" : `; ${countText(unknown, "check")} could not be made`;
  return `${parts.length === 0 ? "no fault found" : parts.join(", ")}${unread}`;
}

/** `1 error`, `2 errors`, or nothing for none. */
function countText(count: number, noun: string): string {
  if (count === 0) return "";
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Names of interfaces can have any bytes, so those that could control a terminal are replaced. */
function withoutControls(text: string): string {
  return Array.from(text, (character) => (isControl(character) ? "?" : character)).join("");
}

function isControl(character: string): boolean {
  const code = character.charCodeAt(0);
  return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

/** The shell script that runs the commands of the findings, and keeps the settings in a file of /etc/sysctl.d. */
export function* renderFixScript(findings: readonly Finding[]): Generator<string> {
  yield "#!/bin/sh -e";
  yield "# Commands of ipvsadm doctor. Read them before you run them.";
  const written = new Set<string>();
  for (const { id, severity, object, read, advice, commands } of findings) {
    if (severity === "unknown") continue;
    yield "";
    yield `# ${severity} ${id}: ${withoutControls(object)}: ${withoutControls(read)}`;
    if (advice !== undefined) yield `# ${withoutControls(advice)}`;
    for (const command of commands) {
      // Two findings can have the same command.
      if (!written.has(command)) yield command;
      written.add(command);
    }
  }
  const settings = findings.flatMap(({ commands }) => commands).filter((command) => command.startsWith(setting));
  if (settings.length === 0) return;
  yield "";
  yield "cat >/etc/sysctl.d/90-ipvsadm-doctor.conf <<'END'";
  for (const command of new Set(settings)) yield unquoteWord(command.slice(setting.length));
  yield "END";
}

const setting = "sysctl -w ";

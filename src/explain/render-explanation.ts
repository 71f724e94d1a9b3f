import { type Operation, operations, sentenceOf } from "../ipvs/ipvs-error.js";
import type { CommandLineFault } from "./command-line-faults.js";
import { fillCommand } from "./explain.js";
import type { Cause, ExplainedRefusal } from "./explained-refusal.js";
import { explainedRefusals } from "./refusals.js";

/** A refusal as text: what was refused, what the kernel checks, and causes with commands. */
export function renderExplanation(refusal: ExplainedRefusal, asked: readonly Operation[]): string {
  const { code, check, causes } = refusal;
  const isForAll = refusal.operations === undefined && asked.length > 1;
  const sentences = new Set(asked.map((operation) => sentenceOf(operation, code)));
  return [
    `${code}, ${isForAll ? "any operation" : asked.join(", ")}`,
    `  Message:  ${[...sentences].join(" / ")}`,
    `  Checked:  ${check}`,
    ...renderCauses(causes),
    "",
  ].join("\n");
}

/** A refusal by ipvsadm itself as text. */
export function renderCommandLineFault(sentence: string, { check, causes }: CommandLineFault): string {
  return [
    "the command line, before the kernel is asked",
    `  Message:  ${sentence}`,
    `  Checked:  ${check}`,
    ...renderCauses(causes),
    "",
  ].join("\n");
}

function renderCauses(causes: readonly Pick<Cause, "text" | "command">[]): string[] {
  return [
    "  Causes, the likeliest first:",
    ...causes.flatMap(({ text, command }, index) => [`  ${index + 1}. ${text}`, `       ${fillCommand(command)}`]),
  ];
}

/** What can be asked for. */
export function renderSubjects(): string {
  const codes = [...new Set(explainedRefusals.map(({ code }) => code))].sort();
  return [
    "Ask for an error, an operation, or a message:",
    "",
    `  Errors:      ${codes.join(" ")}`,
    `  Operations:  ${operations.join(", ")}`,
    "               (add-server is add destination, and so on)",
    '  Messages:    as they are printed, such as "Memory allocation problem"',
    "",
  ].join("\n");
}

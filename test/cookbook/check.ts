/** Runs a page: its commands in order, each on its host, and compares what they print with what the page shows. */
import { firstMismatch, recordedLines, toLines } from "./match.js";
import type { Command, Page } from "./page.js";

/** The hosts of a page that is running. */
export interface Hosts {
  /** Runs a command; its output includes standard error. A command that does not end has no status. */
  run(host: string, text: string): Promise<{ output: string; status: number | undefined }>;
  write(host: string, path: string, text: string): Promise<void>;
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** How long a command of an `eventually` block is repeated: for a check, and for a recording, which may never be right. */
const [patience, recordingPatience] = [60_000, 10_000];

interface Outcome {
  lines: string[];
  status: number | undefined;
}

async function runOnce(hosts: Hosts, command: Command): Promise<Outcome> {
  const { output, status } = await hosts.run(command.host, command.text);
  return { lines: toLines(output), status };
}

/** What is wrong with what a command printed, and the line of the page. */
function faultOf(command: Command, { lines, status }: Outcome): { line: number; problem: string } | undefined {
  if (status === undefined) return { line: command.line, problem: "the command does not end" };
  const at = firstMismatch(command.expected, lines);
  if (at !== undefined) {
    const line = command.expected.length === 0 ? command.line : command.expectedLine + at;
    return { line, problem: "something else came out" };
  }
  if (status !== 0 && lines.length === 0) return { line: command.line, problem: `the command failed with ${status}` };
  return undefined;
}

async function runCommand(hosts: Hosts, command: Command, milliseconds: number): Promise<Outcome> {
  const end = hosts.now() + milliseconds;
  for (;;) {
    const outcome = await runOnce(hosts, command);
    if (!command.eventually || faultOf(command, outcome) === undefined || hosts.now() >= end) return outcome;
    await hosts.sleep(300);
  }
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `    ${line}\n`).join("");
}

/** Checks a page up to its first fault, and describes that: place, command, what is shown and what came out. */
export async function checkPage(page: Page, hosts: Hosts): Promise<string | undefined> {
  for (const part of page.parts) {
    if (part.kind === "file") {
      await hosts.write(part.host, part.path, part.text);
      continue;
    }
    if (part.onlyRecorded) continue;
    const outcome = await runCommand(hosts, part, patience);
    const fault = faultOf(part, outcome);
    if (fault === undefined) continue;
    return (
      `${page.name}:${fault.line}: ${fault.problem}\n  ${part.host}: ${part.text}\n` +
      `  the page shows:\n${indented(part.expected)}  came out:\n${indented(outcome.lines)}`
    );
  }
  return undefined;
}

/** Runs a page, and returns its text with what came out. Lines that fit stay as they are, with their `...`. */
export async function recordPage(page: Page, text: string, hosts: Hosts): Promise<string> {
  const lines = text.split("\n");
  let moved = 0;
  for (const part of page.parts) {
    if (part.kind === "file") {
      await hosts.write(part.host, part.path, part.text);
      continue;
    }
    const outcome = await runCommand(hosts, part, recordingPatience);
    if (outcome.status === undefined) throw new Error(`${page.name}:${part.line}: the command does not end`);
    const recorded = recordedLines(part.expected, outcome.lines);
    lines.splice(part.expectedLine - 1 + moved, part.expected.length, ...recorded);
    moved += recorded.length - part.expected.length;
  }
  return lines.join("\n");
}

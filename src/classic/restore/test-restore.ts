import { exitStatus } from "../../cli/exit-status.js";
import { programName } from "../../cli/program-name.js";
import { asUsageError, UsageError } from "../../cli/usage-error.js";
import { DocumentError } from "../../format/json/document-error.js";
import { readDocument } from "../../format/json/read-document.js";
import type { Host } from "../../host/host.js";
import type { Change } from "../../model/change.js";
import { destinationIdentity, serviceIdentity } from "../../model/identity.js";
import type { ServiceKey } from "../../model/table.js";
import type { PlanMode } from "../../plan/difference.js";
import type { Invocation } from "../grammar/invocation.js";
import { parseCommandLine } from "../grammar/parse.js";
import { readLines } from "./byte-lines.js";
import { recognizeInput } from "./input-kind.js";
import { isLostAtEnd, splitRestoreLine } from "./split-line.js";

/** Whether a command line is a legal `-R --test`. */
export async function asksForTest(name: string, args: readonly string[], host: Host): Promise<boolean> {
  const parsed = await parseCommandLine(args, { programName: name, resolver: host.resolver }).catch(asUsageError);
  return !(parsed instanceof UsageError) && parsed.command === "restore" && parsed.test;
}

/**
 * Checks the input of a restore and touches nothing: no kernel, no module, no table. Reports every mistake with its place,
 * a line or a path, and returns 0 or 2. In a table that is to be replaced, a rule can also be wrong by what comes before it.
 */
export async function testRestore(mode: PlanMode, host: Host): Promise<number> {
  const input = await recognizeInput(host.stdin);
  const mistakes = "document" in input ? findMistake(input.document) : findMistakes(input.lines, mode, host);
  let status: number = exitStatus.success;
  for await (const mistake of mistakes) {
    host.stderr.write(`${mistake}\n`);
    status = exitStatus.usage;
  }
  return status;
}

async function* findMistake(document: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  try {
    await readDocument(document);
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    yield error.message;
  }
}

async function* findMistakes(input: AsyncIterable<Uint8Array>, mode: PlanMode, host: Host): AsyncGenerator<string> {
  const tested = new TestedTable(mode === "replace");
  let number = 0;
  let isLost = false;
  const takesLast = (line: string) => {
    // The script ipvsadm-restore ends every line with a newline.
    isLost = mode === "add" && isLostAtEnd(line);
    return !isLost;
  };
  for await (const lines of readLines(input, takesLast)) {
    for (const line of lines) {
      number++;
      const mistake = await findLineMistake(line, mode, tested, host);
      if (mistake !== undefined) yield `line ${number}: ${mistake}`;
    }
  }
  if (isLost) yield `line ${number + 1}: is not run, since it ends with blanks and has no newline`;
}

async function findLineMistake(
  line: string,
  mode: PlanMode,
  tested: TestedTable,
  host: Host,
): Promise<string | undefined> {
  if (mode === "replace" && line.startsWith("#")) return undefined;
  const words = splitRestoreLine(line);
  if (words.length === 0) return undefined;
  const parsed = await parseCommandLine(words, { programName, resolver: host.resolver }).catch(asUsageError);
  return parsed instanceof UsageError ? parsed.message.trimEnd() : tested.apply(parsed);
}

/** What is known of the table at a line. Without `isWhole`, it may have services and servers that no line has named. */
class TestedTable {
  /** The servers of each service that lines have added. */
  #services = new Map<string, Set<string>>();
  #deleted = new Set<string>();

  constructor(private isWhole: boolean) {}

  /** Applies a command; returns the kernel's words where it would refuse it. */
  apply(invocation: Invocation | Change): string | undefined {
    switch (invocation.command) {
      case "add-service": {
        const service = serviceIdentity(invocation.service);
        if (this.#services.has(service)) return "Service already exists";
        this.#services.set(service, new Set());
        return undefined;
      }
      case "edit-service":
        return this.#lacks(invocation.service) ? "No such service" : undefined;
      case "delete-service": {
        if (this.#lacks(invocation.service)) return "No such service";
        this.#services.delete(serviceIdentity(invocation.service));
        this.#deleted.add(serviceIdentity(invocation.service));
        return undefined;
      }
      case "add-destination": {
        if (this.#lacks(invocation.service)) return "Service not defined";
        const servers = this.#services.get(serviceIdentity(invocation.service));
        const server = destinationIdentity(invocation.destination);
        if (servers?.has(server)) return "Destination already exists";
        servers?.add(server);
        return undefined;
      }
      case "edit-destination":
      case "delete-destination": {
        if (this.#lacks(invocation.service)) return "Service not defined";
        const servers = this.#services.get(serviceIdentity(invocation.service));
        const server = destinationIdentity(invocation.destination);
        if (servers !== undefined && !servers.has(server)) return "No such destination";
        if (invocation.command === "delete-destination") servers?.delete(server);
        return undefined;
      }
      case "flush":
        this.#services.clear();
        this.isWhole = true;
        return undefined;
      case "restore":
        return "a restore within a restore is refused";
      default:
        return undefined;
    }
  }

  #lacks(key: ServiceKey): boolean {
    const service = serviceIdentity(key);
    return !this.#services.has(service) && (this.isWhole || this.#deleted.has(service));
  }
}

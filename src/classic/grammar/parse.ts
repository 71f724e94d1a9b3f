import { exitStatus } from "../../cli/exit-status.js";
import { UsageError } from "../../cli/usage-error.js";
import type { NameResolver } from "../../names/resolver.js";
import { toDaemon, toDestination, toList, toService, toServiceKey, toZero } from "./complete.js";
import { type Draft, startDraft } from "./draft.js";
import type { Invocation } from "./invocation.js";
import { checkCommand } from "./legality.js";
import { OptionError } from "./option-error.js";
import type { CommandName, OptionDefinition } from "./options.js";
import { parseSchedulerFlags } from "./scheduler-flag-list.js";
import { parseDaemonState, parseTimeout, setters } from "./setters.js";
import { OptionReader } from "./tokenize.js";
import { renderHint } from "./usage.js";

export interface ParseContext {
  /** The program's name in messages; the original takes argv[0] as it was typed. */
  readonly programName: string;
  readonly resolver: NameResolver;
}

/**
 * Parses a command line of the old grammar; `args` do not hold the program's name.
 * Rejects with a UsageError for the first fault, in the order in which ipvsadm looks for them.
 */
export async function parseCommandLine(args: readonly string[], context: ParseContext): Promise<Invocation> {
  if (args.length === 0) return toList(startDraft());
  const reader = new OptionReader(args);
  const first = reader.next();
  if (first === undefined || typeof first === "string" || !("command" in first.definition)) {
    throw new UsageError(renderHint(context.programName), exitStatus.changeRefused);
  }
  const { command } = first.definition;
  if (command === "help" || command === "version") return { command };
  const draft = startDraft();
  if (command === "start-daemon" || command === "stop-daemon") {
    draft.daemonState = parseDaemonState(first.value, command);
  }
  await readOptions(reader, draft, context.resolver);
  if (command === "set") draft.timeouts = takeTimeouts(reader.leftovers);
  const [leftover] = reader.leftovers;
  if (leftover !== undefined) throw new UsageError(`unexpected argument ${leftover}`);
  draft.schedulerFlags = parseSchedulerFlags(draft.schedulerFlagNames, draft.scheduler);
  checkCommand(command, draft.slots);
  return complete(command, draft);
}

async function readOptions(reader: OptionReader, draft: Draft, resolver: NameResolver): Promise<void> {
  for (let option = reader.next(); option !== undefined; option = reader.next()) {
    if (typeof option === "string") throw new OptionError(`${reader.lastWord}: ${option}`, exitStatus.changeRefused);
    const { definition, value } = option;
    if ("command" in definition) throw new UsageError(`invalid option \`${reader.lastWord}'`);
    claimSlot(draft, definition);
    const pending = setters[definition.name]?.(draft, value, resolver);
    if (pending !== undefined) await pending;
  }
}

function claimSlot(draft: Draft, { slot }: OptionDefinition): void {
  if (slot === undefined) return;
  if (draft.slots.has(slot)) throw new UsageError(`multiple '${slot}' options specified`);
  draft.slots.add(slot);
}

/** Takes the first three words that are no options. */
function takeTimeouts(leftovers: string[]): Draft["timeouts"] {
  const [tcp, tcpFin, udp] = leftovers.splice(0, 3);
  if (tcp === undefined || tcpFin === undefined || udp === undefined) {
    throw new UsageError("--set option requires 3 timeout values");
  }
  return { tcp: parseTimeout(tcp, 0), tcpFin: parseTimeout(tcpFin, 0), udp: parseTimeout(udp, 0) };
}

function complete(command: CommandName, draft: Draft): Invocation {
  switch (command) {
    case "add-service":
    case "edit-service":
      return { command, service: toService(draft) };
    case "delete-service":
      return { command, service: toServiceKey(draft) };
    case "add-server":
    case "edit-server": {
      const destination = toDestination(draft);
      const change = command === "add-server" ? "add-destination" : "edit-destination";
      return { command: change, service: toServiceKey(draft), destination };
    }
    case "delete-server":
      return { command: "delete-destination", service: toServiceKey(draft), destination: draft.server };
    case "zero":
      return toZero(draft);
    case "list":
      return toList(draft);
    case "save":
      return { command, numeric: draft.slots.has("numeric"), json: draft.slots.has("json") };
    case "set":
      return { command: "set-timeouts", timeouts: draft.timeouts };
    case "start-daemon":
      return { command, daemon: toDaemon(draft) };
    case "stop-daemon":
      return { command, state: draft.daemonState, syncId: draft.syncId };
    case "flush":
    case "restore":
      return { command };
  }
}

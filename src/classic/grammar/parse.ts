import { exitStatus } from "../../cli/exit-status.js";
import { UsageError } from "../../cli/usage-error.js";
import type { NameResolver } from "../../names/resolver.js";
import {
  requestedDaemon,
  requestedDestination,
  requestedList,
  requestedService,
  requestedServiceKey,
  requestedZero,
} from "./complete.js";
import type { Invocation } from "./invocation.js";
import { checkCommand } from "./legality.js";
import { OptionError } from "./option-error.js";
import { initialValues, type OptionValues } from "./option-values.js";
import type { CommandName, OptionDefinition } from "./options.js";
import { parseSchedulerFlags } from "./scheduler-flag-list.js";
import { parseDaemonState, parseTimeout, setters } from "./setters.js";
import { OptionReader } from "./tokenize.js";
import { renderHint } from "./usage.js";

export interface ParseContext {
  /** The program's name in messages. The original uses argv[0] as it was typed. */
  readonly programName: string;
  readonly resolver: NameResolver;
}

/**
 * Parses a command line of the old grammar; `args` do not hold the program's name.
 * Rejects with a UsageError for the first mistake, in the order in which ipvsadm looks for them.
 */
export async function parseCommandLine(args: readonly string[], context: ParseContext): Promise<Invocation> {
  if (args.length === 0) return requestedList(initialValues());
  const reader = new OptionReader(args);
  const first = reader.next();
  if (first === undefined || typeof first === "string" || !("command" in first.definition)) {
    throw new UsageError(renderHint(context.programName), exitStatus.changeRefused);
  }
  const { command } = first.definition;
  if (command === "help" || command === "version") return { command };
  const values = initialValues();
  if (command === "start-daemon" || command === "stop-daemon") {
    values.daemonState = parseDaemonState(first.value, command);
  }
  await readOptions(reader, values, context.resolver);
  if (command === "set") values.timeouts = takeTimeouts(reader.leftovers);
  const [leftover] = reader.leftovers;
  if (leftover !== undefined) throw new UsageError(`unexpected argument ${leftover}`);
  values.schedulerFlags = parseSchedulerFlags(values.schedulerFlagNames, values.scheduler);
  checkCommand(command, values.given);
  return complete(command, values);
}

async function readOptions(reader: OptionReader, values: OptionValues, resolver: NameResolver): Promise<void> {
  for (let option = reader.next(); option !== undefined; option = reader.next()) {
    if (typeof option === "string") throw new OptionError(`${reader.lastArg}: ${option}`, exitStatus.changeRefused);
    const { definition, value } = option;
    if ("command" in definition) throw new UsageError(`invalid option \`${reader.lastArg}'`);
    claimGroup(values, definition);
    const pending = setters[definition.name]?.(values, value, resolver);
    if (pending !== undefined) await pending;
  }
}

function claimGroup(values: OptionValues, { group }: OptionDefinition): void {
  if (group === undefined) return;
  if (values.given.has(group)) throw new UsageError(`multiple '${group}' options specified`);
  values.given.add(group);
}

/** Takes the first three arguments that are no options. */
function takeTimeouts(leftovers: string[]): OptionValues["timeouts"] {
  const [tcp, tcpFin, udp] = leftovers.splice(0, 3);
  if (tcp === undefined || tcpFin === undefined || udp === undefined) {
    throw new UsageError("--set option requires 3 timeout values");
  }
  return { tcp: parseTimeout(tcp, 0), tcpFin: parseTimeout(tcpFin, 0), udp: parseTimeout(udp, 0) };
}

function complete(command: CommandName, values: OptionValues): Invocation {
  switch (command) {
    case "add-service":
    case "edit-service":
      return { command, service: requestedService(values) };
    case "delete-service":
      return { command, service: requestedServiceKey(values) };
    case "add-server":
    case "edit-server": {
      const destination = requestedDestination(values);
      const change = command === "add-server" ? "add-destination" : "edit-destination";
      return { command: change, service: requestedServiceKey(values), destination };
    }
    case "delete-server":
      return { command: "delete-destination", service: requestedServiceKey(values), destination: values.server };
    case "zero":
      return requestedZero(values);
    case "list":
      return requestedList(values);
    case "save":
      return { command, numeric: values.given.has("numeric"), json: values.given.has("json") };
    case "set":
      return { command: "set-timeouts", timeouts: values.timeouts };
    case "start-daemon":
      return { command, daemon: requestedDaemon(values) };
    case "stop-daemon":
      return { command, state: values.daemonState, syncId: values.syncId };
    case "restore":
      return { command, test: values.given.has("test") };
    case "flush":
      return { command };
  }
}

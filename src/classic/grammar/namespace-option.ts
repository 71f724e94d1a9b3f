import { UsageError } from "../../cli/usage-error.js";
import { OptionReader } from "./tokenize.js";

const option = "--netns";

/** A command line, and the network namespace that it is for. */
export interface NamespacedArgs {
  /** As it was typed; undefined if it was not given. */
  readonly namespace: string | undefined;
  /** The arguments without it. */
  readonly args: readonly string[];
}

/**
 * Takes --netns out of a command line. It applies to the whole line, and so may come before the command. The same word stays
 * where it is the value of another option or comes after `--`, and so does an option without its value, which the parser
 * reports. Throws a UsageError for a second one.
 */
export function takeNamespace(args: readonly string[]): NamespacedArgs {
  if (!mayHaveNamespace(args)) return { namespace: undefined, args };
  const reader = new OptionReader(args);
  const taken = new Set<number>();
  let namespace: string | undefined;
  for (;;) {
    const before = reader.position;
    const found = reader.next();
    if (typeof found !== "object") break;
    if (found.definition.name !== "netns") continue;
    if (namespace !== undefined) throw new UsageError("multiple 'netns' options specified");
    namespace = found.value;
    // Other arguments may come before it.
    const start = args.findIndex((arg, index) => index >= before && isNamespaceOption(arg));
    for (let index = start; index < reader.position; index++) taken.add(index);
  }
  return { namespace, args: args.filter((_, index) => !taken.has(index)) };
}

/** The same for the two scripts, which ignore words that they do not know. Throws a UsageError. */
export function takeScriptNamespace(args: readonly string[]): NamespacedArgs {
  let namespace: string | undefined;
  const rest: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? "";
    if (!isNamespaceOption(arg)) {
      rest.push(arg);
      continue;
    }
    if (namespace !== undefined) throw new UsageError("multiple 'netns' options specified");
    namespace = arg === option ? args[++index] : arg.slice(option.length + 1);
    if (namespace === undefined) throw new UsageError(`${option}: missing argument`);
  }
  return { namespace, args: rest };
}

/** Whether a word of the command line may be the option. */
export function mayHaveNamespace(args: readonly string[]): boolean {
  return args.some(isNamespaceOption);
}

function isNamespaceOption(arg: string): boolean {
  return arg === option || arg.startsWith(`${option}=`);
}

import { type Definition, findByLetter, findByName } from "./options.js";

/** What can be wrong with an option itself, in popt's words. */
export type OptionFault = "unknown option" | "missing argument" | "option does not take an argument";

export interface ParsedOption {
  readonly definition: Definition;
  /** Empty for options without argument. */
  readonly value: string;
}

/** In a value, popt replaces this by the next argument that is no option. */
const nextArgMarker = "!#:+";

/**
 * The limit for the length of a value times that of the argument that replaces its markers. Beyond it the markers stay, since
 * two of Linux's longest arguments would fill the memory. The words of a restore are far below it.
 */
const largestExpansion = 2 ** 26;

/**
 * Splits a command line as popt does: clusters (`-Ln`), attached values (`-p3`, `-p=3`, `--opt=3`), optional values, `--`,
 * and arguments that are no options anywhere between them.
 */
export class OptionReader {
  /** The arguments that are no options, of those read so far. */
  readonly leftovers: string[] = [];
  readonly #args: readonly string[];
  #next = 0;
  /** Positions of arguments that already replaced a marker. */
  readonly #taken: number[] = [];
  /** The letters of a cluster that are not read yet. */
  #cluster = "";
  #optionsEnded = false;

  constructor(args: readonly string[]) {
    this.#args = args;
  }

  /** The argument that was read last, whole: messages about an option name it. */
  get lastArg(): string {
    return this.#args[this.#next - 1] ?? "";
  }

  /** The number of arguments read so far. */
  get position(): number {
    return this.#next;
  }

  /** The next option, or what is wrong with it; undefined after the last. */
  next(): ParsedOption | OptionFault | undefined {
    while (this.#cluster === "") {
      const index = this.#next;
      const arg = this.#args[index];
      if (arg === undefined) return undefined;
      this.#next++;
      if (this.#taken.includes(index)) continue;
      if (this.#optionsEnded || arg.length < 2 || !arg.startsWith("-")) this.leftovers.push(arg);
      else if (arg === "--") this.#optionsEnded = true;
      else if (arg.startsWith("--")) return this.#readName(arg.slice(2));
      else this.#cluster = arg.slice(1);
    }
    return this.#readLetter();
  }

  #readName(text: string): ParsedOption | OptionFault {
    const equals = text.indexOf("=");
    const definition = findByName(equals < 0 ? text : text.slice(0, equals));
    if (definition === undefined) return "unknown option";
    if (equals < 0) return this.#readArgument(definition);
    if (definition.argument === "none") return "option does not take an argument";
    return { definition, value: this.#expand(text.slice(equals + 1)) };
  }

  #readLetter(): ParsedOption | OptionFault {
    const definition = findByLetter(this.#cluster.charAt(0));
    if (definition === undefined) return "unknown option";
    const rest = this.#cluster.slice(1);
    if (definition.argument === "none") {
      if (rest.startsWith("=")) return "option does not take an argument";
      this.#cluster = rest;
      return { definition, value: "" };
    }
    this.#cluster = "";
    if (rest === "") return this.#readArgument(definition);
    return { definition, value: this.#expand(rest.startsWith("=") ? rest.slice(1) : rest) };
  }

  /** The value of an option that has none attached. */
  #readArgument(definition: Definition): ParsedOption | OptionFault {
    if (definition.argument === "none") return { definition, value: "" };
    const arg = this.#args[this.#next];
    if (definition.argument === "optional" && (arg === undefined || arg.startsWith("-"))) {
      return { definition, value: definition.defaultArgument ?? "" };
    }
    if (arg === undefined) return "missing argument";
    this.#next++;
    return { definition, value: this.#expand(arg) };
  }

  /** The argument that replaces a marker is no longer a leftover, but can still become the value of a later option. */
  #expand(value: string): string {
    if (!value.includes(nextArgMarker)) return value;
    const found = this.#args.findIndex(
      (arg, index) => index >= this.#next && !this.#taken.includes(index) && !arg.startsWith("-"),
    );
    const arg = this.#args[found];
    if (arg === undefined || value.length * arg.length > largestExpansion) return value;
    this.#taken.push(found);
    return value.replaceAll(nextArgMarker, () => arg);
  }
}

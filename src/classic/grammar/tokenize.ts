import { type Definition, findByLetter, findByName } from "./options.js";

/** What can be wrong with an option itself, in popt's words. */
export type OptionFault = "unknown option" | "missing argument" | "option does not take an argument";

export interface ParsedOption {
  readonly definition: Definition;
  /** Empty for options without argument. */
  readonly value: string;
}

/** In a value, popt puts the next word that is no option in the place of this. */
const nextWordMarker = "!#:+";

/**
 * Takes a command line apart as popt does: clusters (`-Ln`), glued values (`-p3`, `-p=3`, `--opt=3`), optional values,
 * `--`, and words that are no options anywhere between them.
 */
export class OptionReader {
  /** The words that are no options, as far as read. */
  readonly leftovers: string[] = [];
  readonly #words: readonly string[];
  #next = 0;
  /** Places of words that stand in for a marker already. */
  readonly #taken: number[] = [];
  /** The letters of a cluster that are still to be read. */
  #cluster = "";
  #optionsEnded = false;

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  /** The word that was read last, whole: what messages about an option name. */
  get lastWord(): string {
    return this.#words[this.#next - 1] ?? "";
  }

  /** The next option, what is wrong with it, or undefined after the last. */
  next(): ParsedOption | OptionFault | undefined {
    while (this.#cluster === "") {
      const place = this.#next;
      const word = this.#words[place];
      if (word === undefined) return undefined;
      this.#next++;
      if (this.#taken.includes(place)) continue;
      if (this.#optionsEnded || word.length < 2 || !word.startsWith("-")) this.leftovers.push(word);
      else if (word === "--") this.#optionsEnded = true;
      else if (word.startsWith("--")) return this.#readName(word.slice(2));
      else this.#cluster = word.slice(1);
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

  /** The argument of an option whose word holds none. */
  #readArgument(definition: Definition): ParsedOption | OptionFault {
    if (definition.argument === "none") return { definition, value: "" };
    const word = this.#words[this.#next];
    if (definition.argument === "optional" && (word === undefined || word.startsWith("-"))) {
      return { definition, value: definition.defaultArgument ?? "" };
    }
    if (word === undefined) return "missing argument";
    this.#next++;
    return { definition, value: this.#expand(word) };
  }

  /** The word that a marker takes is no longer a leftover, but can still become the argument of a later option. */
  #expand(value: string): string {
    if (!value.includes(nextWordMarker)) return value;
    const place = this.#words.findIndex(
      (word, index) => index >= this.#next && !this.#taken.includes(index) && !word.startsWith("-"),
    );
    const word = this.#words[place];
    if (word === undefined) return value;
    this.#taken.push(place);
    return value.replaceAll(nextWordMarker, () => word);
  }
}

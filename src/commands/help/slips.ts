/** What somebody meant by arguments that a verb does not take. oclif's messages only repeat them. */
import { UsageError } from "../../cli/usage-error.js";
import { findNearest } from "../../model/input/nearest-name.js";

const fileVerbs = ["apply", "diff"];
const serverVerbs = ["drain", "ramp", "undrain", "overrides"];

/** What a verb has instead of the option -w of the old grammar. */
const insteadOfWeight: Readonly<Record<string, string>> = {
  set: "use weight=NUMBER",
  drain: "leave it out; drain sets the weight to 0",
  undrain: "use --weight NUMBER",
  ramp: "use --to NUMBER",
};

/** More words than these are not listed in a message. */
const longestWordList = 12;

/** An error of oclif's parser, with a second line that says what to do; or the error itself, where nothing is known. */
export function adviseOn(error: Error, verb: string, flagNames: readonly string[]): Error {
  const [sentence = ""] = error.message.split("\n");
  const { flags, args } = error as { readonly flags?: unknown; readonly args?: unknown };
  const [, typed, list] = /^Expected (\S+) to be one of: (.*)$/.exec(sentence) ?? [];
  if (typed !== undefined && list !== undefined) return adviseOnValue(typed, list.split(", "), verb) ?? error;
  const advice = adviseOnFlag(firstWord(flags), verb, flagNames) ?? adviseOnArgument(firstWord(args), verb, flagNames);
  return advice === undefined ? error : new UsageError(`${sentence}\n${advice}`);
}

function firstWord(words: unknown): string | undefined {
  return Array.isArray(words) && typeof words[0] === "string" ? words[0] : undefined;
}

function adviseOnFlag(flag: string | undefined, verb: string, flagNames: readonly string[]): string | undefined {
  if (flag === "-w" || flag === "--weight") return insteadOfWeight[verb];
  if (!flag?.startsWith("--")) return undefined;
  const nearest = findNearest(flag.slice(2), flagNames);
  return nearest && `did you mean --${nearest}?`;
}

function adviseOnArgument(word: string | undefined, verb: string, flagNames: readonly string[]): string | undefined {
  if (word === undefined) return undefined;
  // The old grammar has it. oclif takes it for a number.
  if (word === "-6") return flagNames.includes("ipv6") ? "use --ipv6" : undefined;
  if (fileVerbs.includes(verb)) return `use -f ${word}`;
  return serverVerbs.includes(verb) ? `use --server ${word}` : undefined;
}

function adviseOnValue(typed: string, words: readonly string[], verb: string): Error | undefined {
  const nearest = findNearest(typed.replace(/^--[\w-]+=/, ""), words);
  if (nearest === undefined && words.length <= longestWordList) return undefined;
  const sentence =
    words.length <= longestWordList ? `${typed} must be one of: ${words.join(", ")}` : `unknown value ${typed}`;
  const advice = nearest === undefined ? `'ipvsadm ${verb} --help' has the list` : `did you mean ${nearest}?`;
  return new UsageError(`${sentence}\n${advice}`);
}

import { programName } from "../../cli/program-name.js";
import { asUsageError, UsageError } from "../../cli/usage-error.js";
import { quote } from "../../format/json/parse-json.js";
import type { DesiredState } from "../../model/desired.js";
import type { NameResolver } from "../../names/resolver.js";
import { type CommandDefinition, commands } from "../grammar/options.js";
import { parseCommandLine } from "../grammar/parse.js";
import { OptionReader } from "../grammar/tokenize.js";
import { readLines } from "../restore/byte-lines.js";
import { PlainRuleReader } from "../restore/fast/plain-rules.js";
import { splitRestoreLine } from "../restore/split-line.js";
import { DescribedState } from "./described-state.js";

/**
 * What lines of `ipvsadm -S` describe, checked whole. Comments and blank lines are those of `ipvsadm-restore`. Services are
 * the whole list where there are any; timeouts and daemons are part of the state where lines set them. Rejects with a
 * DocumentError that has every mistake with its line.
 */
export async function rulesToDesired(bytes: Uint8Array, resolver: NameResolver): Promise<DesiredState> {
  const described = new DescribedState();
  const rules = new PlainRuleReader();
  let number = 0;
  for await (const lines of readLines(inOnePiece(bytes))) {
    for (const line of lines) {
      number++;
      if (line.startsWith("#")) continue;
      const plain = rules.read(line);
      if (plain !== undefined) {
        described.add(plain, number);
        continue;
      }
      const words = splitRestoreLine(line);
      if (words.length > 0) await addRule(words, number, described, resolver);
    }
  }
  return described.finish();
}

async function* inOnePiece(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

async function addRule(
  words: readonly string[],
  number: number,
  described: DescribedState,
  resolver: NameResolver,
): Promise<void> {
  const reader = new OptionReader(words);
  const first = reader.next();
  const definition = typeof first === "object" ? first.definition : undefined;
  if (definition === undefined || !("command" in definition) || !describesState(definition)) {
    const [word = ""] = words;
    const known = definition && "command" in definition ? spell(definition, reader.lastArg) : quote(word);
    described.reject(number, `${known} does not describe a state; only ${renderStateCommands()} do`);
    return;
  }
  const parsed = await parseCommandLine(words, { programName, resolver }).catch(asUsageError);
  if (!(parsed instanceof UsageError)) described.add(parsed, number);
  else described.reject(number, escapeBytes(parsed.message.trimEnd()), definition.command === "add-service");
}

/** All other commands change a state, or show one. */
const stateCommands: readonly string[] = ["add-service", "add-server", "set", "start-daemon"];

function describesState({ command }: CommandDefinition): boolean {
  return stateCommands.includes(command);
}

function renderStateCommands(): string {
  const spellings = commands.filter(describesState).map((definition) => spell(definition));
  return `${spellings.slice(0, -1).join(", ")} and ${spellings.at(-1)}`;
}

/** A command as it was written, or as it usually is. */
function spell({ name, letters }: CommandDefinition, written = "-"): string {
  return letters === "" || written.startsWith("--") ? `--${name}` : `-${letters.charAt(0)}`;
}

/** The grammar's messages are byte strings, with parts of the line in them. */
function escapeBytes(message: string): string {
  return message.replace(/[^ -~]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

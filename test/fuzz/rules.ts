import assert from "node:assert/strict";
import { rulesToDesired } from "../../src/classic/desired/rules-to-desired.js";
import type { Invocation } from "../../src/classic/grammar/invocation.js";
import { parseCommandLine } from "../../src/classic/grammar/parse.js";
import { readLines } from "../../src/classic/restore/byte-lines.js";
import { PlainRuleReader } from "../../src/classic/restore/fast/plain-rules.js";
import { isChange } from "../../src/classic/restore/restore.js";
import { splitRestoreLine } from "../../src/classic/restore/split-line.js";
import { UsageError } from "../../src/cli/usage-error.js";
import { DocumentError } from "../../src/format/json/document-error.js";
import { encodeChanges } from "../../src/ipvs/wire/encode-change.js";
import type { Change } from "../../src/model/change.js";
import { oddValueOf } from "../conformance/generate/option-values.js";
import { Sequence } from "../conformance/generate/sequence.js";
import { commands, options } from "../conformance/generate/vocabulary.js";
import { toHex } from "../support/bytes.js";
import { resolver } from "../support/fixtures.js";
import type { Random } from "../support/random.js";
import { damageText } from "./damage-text.js";
import { encodeAll } from "./documents.js";
import { defineFuzzer } from "./fuzzer.js";
import { shorter } from "./shrink.js";

/*
 * Lines of a restore, and the same words as a command line: each is an invocation or a UsageError. The fast reader of plain rules
 * reads what the parser reads, and the fast encoder of changes makes the bytes of the plain one. Read as a state, the lines are
 * taken or refused, each mistake with its line.
 */

interface Input {
  /** The text of a restore, as a byte string. */
  readonly text: string;
  /** The length of the chunks in which it arrives. */
  readonly chunkLength: number;
}

function generate(random: Random): Input {
  const text = random.weighted([
    [4, sequenceText],
    [4, plainText],
    [3, wordText],
    [1, byteText],
  ])(random);
  return {
    text: damageText(text, random.pick([0, 0, 1, 1, 2]), random),
    chunkLength: random.pick([1, 10, 100, 65536]),
  };
}

/** Command lines that make sense, most of them. */
function sequenceText(random: Random): string {
  const sequence = new Sequence(random);
  const lines = Array.from({ length: 3 + random.below(4) }, () => sequence.next());
  const text = lines.map(({ args, stdin }) => `${args.join(" ")}\n${stdin ?? ""}`).join("");
  return Buffer.from(text, "utf8").toString("latin1");
}

/** Rules as -Sn prints them, more or less. */
function plainText(random: Random): string {
  const octet = () => random.pick([0, 1, 10, 99, 127, 255, 256]);
  const endpoint = () => `${octet()}.${octet()}.${octet()}.${octet()}:${random.pick([0, 1, 80, 65535, 65536])}`;
  const makeKey = () =>
    random.chance(0.3)
      ? `-f ${random.pick([0, 1, 999999999, 4294967295])}`
      : `${random.pick(["-t", "-u"])} ${endpoint()}`;
  let key = makeKey();
  const lines = Array.from({ length: 1 + random.below(6) }, () => {
    if (random.chance(0.3)) key = makeKey();
    const persistence = random.pick(["", "", " -p 1", " -p 360", " -p 2678401"]);
    if (random.chance(0.3)) return `-A ${key} -s ${random.pick(["rr", "wlc", "abcdefghijklmno"])}${persistence}`;
    return `-a ${key} -r ${endpoint()} ${random.pick(["-m", "-g", "-i"])} -w ${random.pick([0, 1, 999999999, 4294967296])}`;
  });
  return lines.map((line) => `${line}\n`).join("");
}

const spellings = [...Object.values(commands), ...Object.values(options)].flatMap(({ short, long }) =>
  [short ?? [], long ?? []].flat(),
);
/** popt replaces it by another word. */
const marker = "!#:+";

/** Words in any order. */
function wordText(random: Random): string {
  const word = () =>
    random.weighted<() => string>([
      [6, () => random.pick(spellings)],
      [4, () => oddValueOf(random, random.pick(Object.keys(options)))],
      [1, () => marker.repeat(random.pick([1, 1, 2, 50]))],
      [1, () => random.pick(spellings) + marker],
      [1, () => random.pick(["ipvsadm", "-", "--", "", "=", "-p=", "--persistent=", "-6", "-6666", "master"])],
    ])();
  const lines = Array.from({ length: 1 + random.below(3) }, () =>
    Array.from({ length: random.below(random.pick([4, 12, 60])) }, word).join(" "),
  );
  return Buffer.from(lines.join("\n"), "utf8").toString("latin1");
}

function byteText(random: Random): string {
  const alphabet = random.pick([256, 128, 64]);
  const length = random.pick([10, 100, 5000]);
  const noise = Array.from({ length: random.below(length) }, () => String.fromCharCode(random.below(alphabet))).join(
    "",
  );
  return random.pick(["", "-A -t ", "-a -t 10.0.0.1:80 -r ", "--"]) + noise;
}

const context = { programName: "ipvsadm", resolver };

function parse(words: readonly string[]): Promise<Invocation | UsageError> {
  return parseCommandLine(words, context).catch((error: unknown) => {
    if (!(error instanceof UsageError)) throw error;
    return error;
  });
}

async function run({ text, chunkLength }: Input): Promise<string> {
  const lines = text.split("\n");
  await compareLines(lines, text, chunkLength);
  const reader = new PlainRuleReader();
  const changes: Change[] = [];
  let best = "refused";
  for (const line of lines) {
    const plain = reader.read(line);
    const words = splitRestoreLine(line);
    const parsed = await parse(words);
    if (plain !== undefined) assert.deepEqual(plain, parsed, line);
    if (isChange(parsed)) {
      changes.push(parsed);
    }
    // The words of a command line are never cut, and the kernel has none with a NUL.
    await parse(line.replaceAll("\0", "").split(" "));
    if (plain !== undefined) best = "plain";
    else if (!(parsed instanceof UsageError) && best === "refused") best = "parsed";
  }
  // What resembles the change before it is encoded from a template.
  assert.deepEqual(encodeChanges(changes).map(toHex), changes.flatMap((change) => encodeChanges([change])).map(toHex));
  await checkState(text);
  return best;
}

/** The lines as a state: every line that is wrong has a mistake, and what is taken can be saved and sent. */
async function checkState(text: string): Promise<void> {
  const state = await rulesToDesired(Buffer.from(text, "latin1"), resolver).catch((error: unknown) => {
    if (!(error instanceof DocumentError)) throw error;
    return error;
  });
  if (!(state instanceof DocumentError)) {
    encodeAll(state);
    return;
  }
  const places = state.message
    .split("\n")
    .map((mistake) => /^line (\d+): [ -~]+$|^and \d+ more mistakes$/.exec(mistake));
  assert.ok(!places.includes(null), state.message);
  const numbers = places.flatMap((found) => (found?.[1] === undefined ? [] : [Number(found[1])]));
  assert.deepEqual(
    numbers,
    numbers.toSorted((one, other) => one - other),
  );
  assert.ok(numbers.every((number) => number >= 1 && number <= text.split("\n").length));
}

/** In whatever chunks a text arrives, its lines are the same. */
async function compareLines(lines: readonly string[], text: string, chunkLength: number): Promise<void> {
  const read: string[] = [];
  for await (const some of readLines(chunks(Buffer.from(text, "latin1"), chunkLength))) read.push(...some);
  assert.deepEqual(read, lines.at(-1) === "" ? lines.slice(0, -1) : lines);
}

async function* chunks(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += length) yield bytes.subarray(start, start + length);
}

function* simplify(input: Input): Generator<Input> {
  for (const lines of shorter(input.text.split("\n"))) yield { ...input, text: lines.join("\n") };
  for (const words of shorter(input.text.split(" "))) yield { ...input, text: words.join(" ") };
  if (input.text.length < 300) for (const text of shorter(input.text)) yield { ...input, text };
}

export const ruleFuzzer = defineFuzzer<Input>({
  name: "rules",
  outcomes: ["plain", "parsed", "refused"],
  generate,
  run,
  simplify,
  render: JSON.stringify,
});

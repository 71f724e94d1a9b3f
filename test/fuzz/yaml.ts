import assert from "node:assert/strict";
import { inspect } from "node:util";
import { Document, isCollection, isScalar, Scalar, visit } from "yaml";
import { DocumentError } from "../../src/format/json/document-error.js";
import { fromDocument } from "../../src/format/json/from-document.js";
import { isList, type JsonValue, parseJsonBytes } from "../../src/format/json/parse-json.js";
import { parseDocumentBytes } from "../../src/format/json/read-document.js";
import { parseYaml } from "../../src/format/yaml/parse-yaml.js";
import { damageDocument } from "../support/damage.js";
import { Random } from "../support/random.js";
import { randomTable } from "../support/random-table.js";
import { saveDesiredState, saveText } from "../support/texts.js";
import { damageText } from "./damage-text.js";
import { attempt, checkPosition, encodeAll, jsonText, place } from "./documents.js";
import { defineFuzzer } from "./fuzzer.js";
import { shorter } from "./shrink.js";

/*
 * Documents in YAML. One that the package writes of JSON, in any of its styles, means what the JSON means; so does JSON itself. One
 * that somebody got wrong is taken as a state that JSON can say, or refused with a DocumentError that has a place.
 */

interface Input {
  /** The bytes of the YAML, as a byte string. */
  readonly text: string;
  /** JSON that means the same, likewise. */
  readonly json: string | undefined;
}

function generate(random: Random): Input {
  const json = random.chance(0.2) ? jsonText(random) : toByteString(documentText(random));
  const value = parsed(json);
  const yaml = value !== undefined && random.chance(0.8) ? toByteString(toYaml(value, random)) : json;
  if (random.chance(0.5)) return { text: yaml, json: value === undefined ? undefined : json };
  const mistaken = random.chance(0.7) ? random.pick(mistakes)(yaml, random) : yaml;
  return { text: damageText(mistaken, random.pick([0, 0, 1, 2]), random), json: undefined };
}

function toByteString(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

function documentText(random: Random): string {
  const tableRandom = new Random(random.below(2 ** 32));
  const text = saveText(randomTable(tableRandom));
  return random.chance(0.4) ? damageDocument(text, tableRandom) : text;
}

/** The value of JSON, if it is any. */
function parsed(json: string): JsonValue | undefined {
  const value = attempt(() => parseJsonBytes(Buffer.from(json, "latin1")));
  return value instanceof DocumentError ? undefined : value;
}

const keyStyles = ["PLAIN", "QUOTE_SINGLE", "QUOTE_DOUBLE"] as const;
const valueStyles = [...keyStyles, "BLOCK_LITERAL", "BLOCK_FOLDED"] as const;

/** YAML of a value in a style of its own: brackets or indentation, quotes or none, anchors and aliases for what is equal. */
function toYaml(value: JsonValue, random: Random): string {
  const brackets = random.pick([0, 0.1, 1]);
  const restyled = random.pick([0, 0.5]);
  const document = new Document(random.chance(0.3) ? shareEqual(value, new Map()) : value, { version: "1.2" });
  visit(document, (position, node) => {
    if (isCollection(node) && node.items.length > 0) node.flow = random.chance(brackets);
    if (!isScalar(node) || typeof node.value !== "string") return;
    if (/[^ -~]/.test(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    // The package indents what comes after a block as a key wrongly.
    else if (random.chance(restyled)) node.type = random.pick(position === "key" ? keyStyles : valueStyles);
  });
  if (random.chance(0.2)) document.commentBefore = " a comment: {";
  const text = document.toString({
    indent: random.pick([1, 2, 4]),
    indentSeq: random.coin(),
    // With a short line the package breaks text wrongly.
    lineWidth: random.pick([0, 80]),
    directives: random.chance(0.2) ? true : null,
    flowCollectionPadding: random.coin(),
  });
  return random.chance(0.1) ? text.replaceAll("\n", "\r\n") : text;
}

/** The same value, in which equal lists and objects are one: the package writes them once. */
function shareEqual(value: JsonValue, known: Map<string, JsonValue>): JsonValue {
  if (typeof value !== "object" || value === null) return value;
  const text = inspect(value, { depth: null, maxArrayLength: null });
  const shared =
    known.get(text) ??
    (isList(value)
      ? value.map((element) => shareEqual(element, known))
      : Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shareEqual(member, known)])));
  known.set(text, shared);
  return shared;
}

const oddTexts = [
  ...["no", "~", "null", "0o17", "0x1F", "+1", "1.", ".5", ".inf", ".NaN", "10:20", "2026-11-26", "1_000", "", "<<"],
  ...["!!str 1", "!x y", "&a b", "*a", "&a", "*", "&", "? a", "- a", "|", ">-", "|9", "%", "@", "`", "'", '"', "#"],
  ...["{", "}", "[", "]", "[a: b]", "{a, b}", "{? a : b}", "a: b: c", "a #b", "a\n b", "\n---\n", "\n...\n"],
  ...["-", ":", ",", "\\", '"\\x41"', '"\\z"', "9".repeat(30), "9".repeat(60), "x".repeat(3000)],
];

type Mistake = (text: string, random: Random) => string;

const mistakes: readonly Mistake[] = [
  // A value, or a part of one, is another.
  (text, random) => replaceOne(text, /[^\s:,[\]{}]+/g, random, () => random.pick(oddTexts)),
  (text, random) => replaceOne(text, /: [^\n]*/g, random, () => `: ${random.pick(oddTexts)}`),
  // A line is there twice, one is missing, or indented otherwise.
  (text, random) =>
    replaceOne(text, /[^\n]*\n/g, random, (line) => random.pick(["", line + line, ` ${line}`, `\t${line}`])),
  (text, random) =>
    replaceOne(text, /^ +/gm, random, (blanks) => random.pick(["\t", "", blanks.slice(1), blanks + blanks])),
  // Anchors and aliases.
  (text, random) => replaceOne(text, /(?<=: )/g, random, () => random.pick(["&a ", "*a ", "&a &b ", "!!map "])),
  (text, random) => `${bomb(random.pick([2, 5, 30]), random.coin())}\n${text}`,
  // Nested.
  (text, random) => text + random.pick(["[", "{a: ", "- ", "? ", "- a: "]).repeat(random.pick([30, 33, 40, 5000])),
  (text, random) =>
    random.pick(["%YAML 1.2\n", "%YAML 1.1\n", "%TAG ! x\n", "%\n"]) + random.pick(["", "---\n"]) + text,
  (text, random) => text + random.pick(["---\n", "...\n", "--- a\n", "...\n---\n", "# a"]) + random.pick(["", text]),
];

function replaceOne(text: string, pattern: RegExp, random: Random, replace: (match: string) => string): string {
  const matches = [...text.matchAll(pattern)];
  if (matches.length === 0) return text;
  const { 0: match, index } = random.pick(matches);
  return text.slice(0, index) + replace(match) + text.slice(index + match.length);
}

/** Each level has ten times what the one before has. */
function bomb(levels: number, isList: boolean): string {
  const lines = ["a0: &a0 x"];
  for (let level = 1; level < levels; level++) {
    const aliases = Array.from({ length: 10 }, (_, index) =>
      isList ? `*a${level - 1}` : `k${index}: *a${level - 1} `,
    );
    lines.push(`a${level}: &a${level} ${isList ? `[${aliases.join(", ")}]` : `{${aliases.join(", ")}}`}`);
  }
  return lines.join("\n");
}

function run({ text, json }: Input): string {
  const bytes = Buffer.from(text, "latin1");
  const value = attempt(() => parseYaml(bytes));
  const state = value instanceof DocumentError ? value : attempt(() => fromDocument(value));
  if (json !== undefined) compareJson(Buffer.from(json, "latin1"), value);
  if (value instanceof DocumentError) {
    checkPosition(bytes, value);
    return "no YAML";
  }
  if (state instanceof DocumentError) {
    assert.match(state.message, place);
    return json === undefined ? "refused" : "refused as JSON is";
  }
  assert.deepEqual(parseDocumentBytes(Buffer.from(saveDesiredState(state))), state);
  encodeAll(state);
  return json === undefined ? "taken" : "taken as JSON is";
}

/** The values are equal, and so is what is made of them. */
function compareJson(json: Uint8Array, yaml: JsonValue | DocumentError): void {
  const value = parseJsonBytes(json);
  if (yaml instanceof DocumentError) assert.fail(`no YAML: ${yaml.message}`);
  assert.deepEqual(yaml, value);
  const [ofYaml, ofJson] = [yaml, value].map((one) => attempt(() => fromDocument(one)));
  if (ofJson instanceof DocumentError) assert.equal(String(ofYaml), String(ofJson));
  else assert.deepEqual(ofYaml, ofJson);
}

function* simplify({ text, json }: Input): Generator<Input> {
  if (json !== undefined) return;
  for (const parts of shorter(text.split(/(?<=[,\n])/))) yield { text: parts.join(""), json };
  if (text.length < 300) for (const less of shorter(text)) yield { text: less, json };
}

export const yamlFuzzer = defineFuzzer<Input>({
  name: "yaml",
  outcomes: ["taken as JSON is", "refused as JSON is", "taken", "refused", "no YAML"],
  generate,
  run,
  simplify,
  render: ({ text, json }) => JSON.stringify({ text, json }),
});

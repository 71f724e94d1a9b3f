import assert from "node:assert/strict";
import { DocumentError } from "../../src/format/json/document-error.js";
import { compactStyle } from "../../src/format/json/json-style.js";
import { type JsonValue, parseJsonBytes } from "../../src/format/json/parse-json.js";
import { parseDocumentBytes } from "../../src/format/json/read-document.js";
import { encodeChanges } from "../../src/ipvs/wire/encode-change.js";
import type { DesiredState } from "../../src/model/desired.js";
import { damageDocument } from "../support/damage.js";
import { Random } from "../support/random.js";
import { randomTable } from "../support/random-table.js";
import { connections, listText, saveDesiredState, saveText } from "../support/texts.js";
import { damageText } from "./damage-text.js";
import { defineFuzzer } from "./fuzzer.js";
import { shorter } from "./shrink.js";

/*
 * Documents that somebody got wrong, by a value or by a byte. Each is taken or refused with a DocumentError; the JSON in them is read as
 * JSON.parse reads it; and what is taken is saved as what it was.
 */

interface Input {
  /** The document's bytes, as a byte string. */
  readonly text: string;
}

function generate(random: Random): Input {
  const text = random.chance(0.2) ? jsonText(random) : Buffer.from(documentText(random), "utf8").toString("latin1");
  const damaged = damageText(text, random.pick([0, 0, 0, 1, 1, 2]), random);
  return { text: random.chance(0.02) ? Buffer.from(damaged, "utf16le").toString("latin1") : damaged };
}

function documentText(random: Random): string {
  const tableRandom = new Random(random.below(2 ** 32));
  const table = randomTable(tableRandom);
  const style = random.chance(0.5) ? compactStyle : { ...compactStyle, indent: 2 };
  const text = random.pick([
    () => saveText(table),
    () => listText(table, style),
    () => listText({ connections: [connections] }, style),
  ])();
  return random.chance(0.5) ? damageDocument(text, tableRandom) : text;
}

const strings = [
  '""',
  '"a"',
  '"\\u0000"',
  '"\\ud83d\\ude00"',
  '"\\ud83d"',
  '"\\x"',
  '"\\u12"',
  '"\xc3\xa9"',
  '"\xff"',
  '"__proto__"',
  '"constructor"',
  '"\t"',
];
const literals = [
  "true",
  "false",
  "null",
  "nul",
  "True",
  "NaN",
  "Infinity",
  "0",
  "-0",
  "01",
  "1.",
  ".5",
  "1e400",
  "-1E-9",
  "9007199254740993",
  "18446744073709551615",
  "-",
  "1e",
  "0x1",
  "9".repeat(30),
  "9".repeat(60),
];

/** JSON, most of it. */
export function jsonText(random: Random, depth = 0): string {
  const blank = () => random.pick(["", "", "", " ", "\n", "\t\r\n", "\v"]);
  const list = (make: () => string) => Array.from({ length: random.below(4) }, make).join(`${blank()},`);
  const value = random.weighted<() => string>([
    [3, () => random.pick(strings)],
    [3, () => random.pick(literals)],
    [depth < 6 ? 3 : 0, () => `[${list(() => jsonText(random, depth + 1))}]`],
    [depth < 6 ? 3 : 0, () => `{${list(() => `${blank()}${random.pick(strings)}:${jsonText(random, depth + 1)}`)}}`],
    [0.1, () => "[".repeat(random.pick([30, 33, 40, 10_000]))],
  ]);
  return blank() + value() + blank();
}

/** What is taken, or why it is refused. */
export function attempt<T>(parse: () => T): T | DocumentError {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    return error;
  }
}

function run({ text }: Input): string {
  const bytes = Buffer.from(text, "latin1");
  const json = attempt(() => parseJsonBytes(bytes));
  compareJson(bytes, json);
  const document = attempt(() => parseDocumentBytes(bytes));
  if (document instanceof DocumentError) {
    if (json instanceof DocumentError) assert.equal(document.message, json.message);
    assert.match(document.message, place);
    return json instanceof DocumentError ? "no JSON" : "refused";
  }
  const saved = saveDesiredState(document);
  assert.deepEqual(parseDocumentBytes(Buffer.from(saved)), document);
  encodeAll(document);
  return "taken";
}

/** What JSON.parse takes and we refuse. */
const ownRefusals = /doubled|duplicate|nested more than|longer than|more than \d+/;

function compareJson(bytes: Uint8Array, ours: JsonValue | DocumentError): void {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    assert.ok(ours instanceof DocumentError, "taken, but no JSON");
    checkPosition(bytes, ours);
    return;
  }
  if (ours instanceof DocumentError) assert.match(ours.message, ownRefusals);
  else assert.deepEqual(comparable(ours), comparable(parsed));
}

/** Members as pairs: an object of ours has no prototype, and a member of JSON.parse's may be called __proto__. */
function comparable(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object" || value === null) return value;
  return { members: Object.keys(value).map((key) => [key, comparable((value as Record<string, unknown>)[key])]) };
}

/** The place of a fault is in the text, or right behind it. */
export function checkPosition(bytes: Uint8Array, { message }: DocumentError): void {
  if (message.includes("UTF-16")) return;
  const [, line, , column] = /^line (\d+)(, column (\d+))?: /.exec(message) ?? [];
  assert.ok(line !== undefined, message);
  const found = Buffer.from(bytes).toString("utf8").split("\n")[Number(line) - 1];
  assert.ok(found !== undefined, message);
  if (column !== undefined) assert.ok(Number(column) >= 1 && Number(column) <= found.length + 1, message);
}

/** Line and column, or a path; the document as a whole has none. */
export const place =
  /^(line \d+(, column \d+)?: |\w*(\.\w+|\[\d+\]|\["([^"\\]|\\.)*"\])*: |must be an object: the doc|the document (has|is in UTF-16))/;

/** Everything that is taken can be sent. */
export function encodeAll({ services = [], timeouts, daemons = [] }: DesiredState): void {
  for (const { service, destinations } of services) {
    encodeChanges([{ command: "add-service", service }]);
    encodeChanges(destinations.map((destination) => ({ command: "add-destination" as const, service, destination })));
  }
  if (timeouts) encodeChanges([{ command: "set-timeouts", timeouts }]);
  encodeChanges(daemons.map((daemon) => ({ command: "start-daemon" as const, daemon })));
}

function* simplify({ text }: Input): Generator<Input> {
  for (const parts of shorter(text.split(/(?<=[,\n])/))) yield { text: parts.join("") };
  if (text.length < 300) for (const less of shorter(text)) yield { text: less };
}

export const documentFuzzer = defineFuzzer<Input>({
  name: "documents",
  outcomes: ["taken", "refused", "no JSON"],
  generate,
  run,
  simplify,
  render: ({ text }) => JSON.stringify(text),
});

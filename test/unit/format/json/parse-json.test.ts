import assert from "node:assert/strict";
import { isUtf8 } from "node:buffer";
import { test } from "node:test";
import { DocumentError } from "../../../../src/format/json/document-error.js";
import { parseJsonBytes } from "../../../../src/format/json/parse-json.js";
import { parseDocumentBytes } from "../../../../src/format/json/read-document.js";
import { assertLinear, assertRatio, memoryOf, timeOf } from "../../../support/cost.js";

const parse = (text: string) => parseJsonBytes(Buffer.from(text));

/** Objects with the prototype that JSON.parse gives them. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

test("JSON is read as JSON.parse reads it", () => {
  const texts = [
    ' {"a" : [1, -2.5e+3, true, false, null, ""], "b": {}, "": []}\r\n\t',
    '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00 \u00e9\ud83d\ude00"',
    "0",
    "-0.0",
    "[[[]]]",
    '{"__proto__": 1, "constructor": 2}',
  ];
  for (const text of texts) assert.deepEqual(plain(parse(text)), plain(JSON.parse(text)), text);
});

test("a byte order mark is skipped", () => {
  assert.deepEqual(plain(parse("\ufeff{}")), {});
  assert.throws(() => parse("\ufeff{]"), { message: /^line 1, column 2: / });
});

for (const [name, bytes] of [
  ["little-endian", Buffer.from("\ufeff{}", "utf16le")],
  ["big-endian", Buffer.from("\ufeff{}", "utf16le").swap16()],
  ["little-endian without a mark", Buffer.from("{}", "utf16le")],
  ["big-endian without a mark", Buffer.from("{}", "utf16le").swap16()],
] as const) {
  test(`UTF-16, ${name}, is refused as what it is`, () => {
    assert.throws(() => parseJsonBytes(bytes), { message: "the document is in UTF-16: convert it to UTF-8" });
  });
}

test("integers that a double cannot hold keep their digits", () => {
  assert.deepEqual(parse("[9007199254740991, 9007199254740993, -18446744073709551615]"), [
    9007199254740991,
    9007199254740993n,
    -18446744073709551615n,
  ]);
});

test("names of JavaScript's own mean nothing", () => {
  const value = parse('{"__proto__": {"weight": 1}}');
  assert.equal(Object.getPrototypeOf(value), null);
  assert.deepEqual(Object.keys(value as object), ["__proto__"]);
});

const faults: readonly [text: string, message: string][] = [
  ["", "line 1, column 1: the end of the input where a value should be"],
  ["{\n  a: 1}", 'line 2, column 3: "a" where a name in double quotes should be'],
  ['{"a":1,\n "a":1}', 'line 2, column 2: duplicate key "a"'],
  ['{"a" 1}', 'line 1, column 6: "1" where ":" should be'],
  ['{"a":1,}', 'line 1, column 8: "}" where a name in double quotes should be'],
  ["[1,]", 'line 1, column 4: "]" where a value should be'],
  ["[1 2]", 'line 1, column 4: "2" where "," or "]" should be'],
  ['{"a":1', 'line 1, column 7: the end of the input where "," or "}" should be'],
  ["01", 'line 1, column 1: "0" where a value should be'],
  ["+1", 'line 1, column 1: "+" where a value should be'],
  ["1.", 'line 1, column 1: "1" where a value should be'],
  ["NaN", 'line 1, column 1: "N" where a value should be'],
  ["nulls", 'line 1, column 1: "n" where a value should be'],
  ["{} {}", 'line 1, column 4: "{" where the end of the document should be'],
  ['["ab', "line 1, column 2: unterminated string"],
  ['["a\nb"]', "line 1, column 4: a control character in a string"],
  ['["\\x"]', "line 1, column 3: an unknown escape in a string"],
  ['["\\u12g4"]', "line 1, column 3: an unknown escape in a string"],
  ["\u{1f600}", 'line 1, column 1: "\\ud83d\\ude00" where a value should be'],
  ["\ufeff\ufeff{}", 'line 1, column 1: "\\ufeff" where a value should be'],
  ["[".repeat(100_000), "line 1, column 34: nested more than 32 deep"],
  ['{"a":'.repeat(100_000), "line 1, column 166: nested more than 32 deep"],
];

for (const [text, message] of faults) {
  test(`${JSON.stringify(text.slice(0, 20))} is refused with its place`, () => {
    assert.throws(() => parse(text), { name: "DocumentError", message, path: "" });
  });
}

const members = (count: number) => `{${Array.from({ length: count }, (_, index) => `"k${index}":1`).join(",")}}`;

test("what is long, but not too long, is taken", () => {
  assert.equal(parse(`"${"x\\n".repeat(682)}xx"`), `${"x\n".repeat(682)}xx`);
  assert.equal(parse(`"${"\\u0041".repeat(255)}"`), "A".repeat(255));
  assert.equal(parse(`-${"9".repeat(39)}`), -BigInt("9".repeat(39)));
  assert.equal(Object.keys(parse(members(100)) as object).length, 100);
});

test("more values than any document has are refused", () => {
  assert.throws(() => parse(`[${"0,".repeat(10_000_000)}`), { message: /: more than 10000000 values$/ });
});

/** Refused where they begin, however long they are: the bytes by `size`. */
const tooLong: readonly [what: string, size: number, text: (size: number) => string, message: string][] = [
  ["a string", 10e6, (size) => `["${"x".repeat(size)}"]`, "line 1, column 2: a string of more than 2048 characters"],
  [
    "a string of escapes",
    10e6,
    (size) => `["${"\\n".repeat(size / 2)}"]`,
    "line 1, column 2: a string of more than 2048 characters",
  ],
  ["a name", 10e6, (size) => `{"${"x".repeat(size)}":1}`, "line 1, column 2: a string of more than 2048 characters"],
  ["a number", 1e6, (size) => `\n${"9".repeat(size)}`, "line 2, column 1: a number of more than 40 characters"],
  ["a longer number", 1e7, (size) => `-${"9".repeat(size)}`, "line 1, column 1: a number of more than 40 characters"],
  ["a fraction", 1e6, (size) => `0.${"0".repeat(size)}1`, "line 1, column 1: a number of more than 40 characters"],
  ["many members", 200_000, members, "line 1, column 792: an object of more than 100 members"],
  ["lists in lists", 1e6, (size) => "[".repeat(size), "line 1, column 34: nested more than 32 deep"],
  ["a word", 10e6, (size) => "x".repeat(size), 'line 1, column 1: "x" where a value should be'],
];

const decode = (bytes: Uint8Array) => isUtf8(bytes) && new TextDecoder().decode(bytes);

for (const [what, size, text, message] of tooLong) {
  test(`${what}: refused in little more time than its characters take to be decoded`, async () => {
    const make = () => Buffer.from(text(size));
    const refuse = (bytes: Uint8Array) =>
      assert.throws(() => parseJsonBytes(bytes), { name: "DocumentError", message });
    await assertRatio(
      8,
      () => timeOf(make, refuse, size),
      () => timeOf(make, decode, size),
    );
  });
}

const address = (index: number) => `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;

/** A document with servers of one service. */
function ofServers(count: number): Buffer {
  const servers = Array.from({ length: count }, (_, index) => ({ family: "inet", address: address(index), port: 80 }));
  const services = [{ family: "inet", fwmark: 1, destinations: servers }];
  return Buffer.from(JSON.stringify({ ipvs: { schema: 1 }, services }));
}

const linear: readonly [what: string, size: number, make: (size: number) => Buffer][] = [
  ["5 and 20 MB of blanks", 5e6, (size) => Buffer.from(`${" ".repeat(size)}{}`)],
  ["a fault behind 2 and 8 MB of empty lines", 2e6, (size) => Buffer.from(`${"\n".repeat(size)}x`)],
  ["invalid UTF-8 behind 1 and 4 MB of empty lines", 1e6, (size) => Buffer.from(`${"\n".repeat(size)}\xff`, "latin1")],
  ["25,000 and 100,000 servers of one service", 25_000, ofServers],
];

for (const [what, size, make] of linear) {
  test(`${what} take time in proportion`, async () => {
    await assertLinear(make, (bytes) => attempt(() => parseDocumentBytes(bytes)), size);
  });
}

function attempt(parse: () => unknown): void {
  try {
    parse();
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
  }
}

test("twice as many servers take twice the memory", async () => {
  const memory = (count: number) => memoryOf(() => parseDocumentBytes(ofServers(count)));
  await assertRatio(
    3,
    () => memory(100_000),
    () => memory(50_000),
  );
});

test("what is no UTF-8 is refused with its line", () => {
  const text = Buffer.concat([Buffer.from('{\n"a": "'), Buffer.of(0xff), Buffer.from('"\n}')]);
  assert.throws(() => parseJsonBytes(text), { name: "DocumentError", message: "line 2: invalid UTF-8" });
});

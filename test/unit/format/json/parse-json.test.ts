import assert from "node:assert/strict";
import { test } from "node:test";
import { parseJsonBytes } from "../../../../src/format/json/parse-json.js";

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
  ["\ufeff{}", 'line 1, column 1: "\\ufeff" where a value should be'],
  ["[".repeat(100_000), "line 1, column 34: nested more than 32 deep"],
  ['{"a":'.repeat(100_000), "line 1, column 166: nested more than 32 deep"],
];

for (const [text, message] of faults) {
  test(`${JSON.stringify(text.slice(0, 20))} is refused with its place`, () => {
    assert.throws(() => parse(text), { name: "DocumentError", message, path: "" });
  });
}

test("a long string needs no stack", () => {
  const long = "x\\n".repeat(1_000_000);
  assert.equal(parse(`"${long}"`), "x\n".repeat(1_000_000));
});

test("what is no UTF-8 is refused with its line", () => {
  const text = Buffer.concat([Buffer.from('{\n"a": "'), Buffer.of(0xff), Buffer.from('"\n}')]);
  assert.throws(() => parseJsonBytes(text), { name: "DocumentError", message: "line 2: invalid UTF-8" });
});

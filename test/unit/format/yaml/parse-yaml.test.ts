import assert from "node:assert/strict";
import { test } from "node:test";
import { DocumentError } from "../../../../src/format/json/document-error.js";
import { parseYaml } from "../../../../src/format/yaml/parse-yaml.js";
import { assertLinear } from "../../../support/cost.js";

const parse = (text: string) => parseYaml(Buffer.from(text));

/** Objects with a prototype, as literals have it. */
const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
};

const values: readonly (readonly [text: string, value: unknown])[] = [
  ["a: 1\nb:\n- x\n- [y, 'z']\nc: {d: \"e\"}\n", { a: 1, b: ["x", ["y", "z"]], c: { d: "e" } }],
  ["# comment\n---\na: 1 # another\n...\n", { a: 1 }],
  ["%YAML 1.2\n---\na: 1\n", { a: 1 }],
  ["\ufeffa: 1\r\nb: 2\r\n", { a: 1, b: 2 }],
  [
    "[no, yes, on, off, y, n, No, 10:20, 1_000, 0b1]",
    ["no", "yes", "on", "off", "y", "n", "No", "10:20", "1_000", "0b1"],
  ],
  ["[true, True, TRUE, false, null, Null, ~, tRUE]", [true, true, true, false, null, null, null, "tRUE"]],
  ["['true', \"1\", '~', '']", ["true", "1", "~", ""]],
  ["[1, +1, -1, 007, 0o17, 0x1F, 1.5, .5, 1., 1e3, -0x1F]", [1, 1, -1, 7, 15, 31, 1.5, 0.5, 1, 1000, "-0x1F"]],
  ["[9007199254740993, +18446744073709551615]", [9007199254740993n, 18446744073709551615n]],
  ["[.inf, -.Inf, .NaN, 1e400]", [Infinity, -Infinity, NaN, Infinity]],
  ["2026-11-26", "2026-11-26"],
  ["a:\nb: ~\n? c\n", { a: null, b: null, c: null }],
  ["{a, b: }", { a: null, b: null }],
  ["[a: 1]", [{ a: 1 }]],
  ["a: &x [1, {b: 2}]\nc: *x\nd: &x 3\ne: *x\n", { a: [1, { b: 2 }], c: [1, { b: 2 }], d: 3, e: 3 }],
  ["&x a: *x\n", { a: "a" }],
  ["<<: &x {a: 1}\nb: {<<: *x}\n", { "<<": { a: 1 }, b: { "<<": { a: 1 } } }],
  ['"\\u00e9\\ud83d\\ude00\\udcff\\x41\\n"', "\u00e9\ud83d\ude00\udcffA\n"],
  ["|\n  a\n   b\n", "a\n b\n"],
  [">-\n  a\n  b\n", "a b"],
  ["a: b\n  c\n", { a: "b c" }],
  ["", null],
  ["# nothing\n", null],
];

for (const [text, value] of values) {
  test(`${JSON.stringify(text)} is read by the core schema of YAML 1.2`, () => {
    assert.deepEqual(plain(parse(text)), value);
  });
}

test("names of JavaScript's own mean nothing", () => {
  const value = parse("__proto__: {weight: 1}\n");
  assert.equal(Object.getPrototypeOf(value), null);
  assert.deepEqual(Object.keys(value as object), ["__proto__"]);
});

const bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
for (let level = 1; level < 10; level++) bomb.push(`a${level}: &a${level} [${Array(10).fill(`*a${level - 1}`)}]`);
const deepAliases = ["a0: &a0 [x]"];
for (let level = 1; level < 40; level++) deepAliases.push(`a${level}: &a${level} [*a${level - 1}]`);

const faults: readonly (readonly [text: string, message: string])[] = [
  ["a: 1\nb: 2\na: 3\n", 'line 3, column 1: duplicate key "a"'],
  ["{a: 1, 'a': 2}", 'line 1, column 8: duplicate key "a"'],
  ["a: 1\n---\nb: 2\n", "line 2, column 1: a second document"],
  ["%YAML 1.1\n---\na: 1\n", "line 1, column 1: only the directive %YAML 1.2 is supported"],
  ["%TAG ! x:\n---\na: 1\n", "line 1, column 1: only the directive %YAML 1.2 is supported"],
  ["a: !!str 1\n", "line 1, column 10: tags are not supported"],
  ["a: !x\n  b: 1\n", "line 2, column 3: tags are not supported"],
  ["a: ! 1\n", "line 1, column 6: tags are not supported"],
  ["!!binary a: 1\n", "line 1, column 10: tags are not supported"],
  ["1: a\n", "line 1, column 1: a key must be text: put it in quotes"],
  ["a: {true: 1}\n", "line 1, column 5: a key must be text: put it in quotes"],
  ["? [a]\n: 1\n", "line 1, column 3: a key must be text: put it in quotes"],
  [": 1\n", "line 1, column 1: a key must be text: put it in quotes"],
  ["a: &a b\n*a : 1\n", "line 2, column 1: a key must be text: put it in quotes"],
  ["a: *b\n", 'line 1, column 4: no anchor "b" before this alias'],
  ["a: *b\nc: &b 1\n", 'line 1, column 4: no anchor "b" before this alias'],
  ["a: &a [*a]\n", 'line 1, column 8: the alias "a" is part of what it stands for'],
  ["a: &b *c\n", "line 1, column 7: an alias has no anchor and no tag"],
  [bomb.join("\n"), "line 7, column 10: more than 2000000 values by aliases"],
  [deepAliases.join("\n"), "line 32, column 12: nested more than 32 deep"],
  [`- ${"9".repeat(41)}`, "line 1, column 3: a number of more than 40 characters"],
  [`- "${"a".repeat(2049)}"`, "line 1, column 3: a string of more than 2048 characters"],
  [`- ${"a".repeat(2049)}`, "line 1, column 3: a string of more than 2048 characters"],
  [
    Array.from({ length: 101 }, (_, index) => `k${index}: 1\n`).join(""),
    "line 101, column 1: an object of more than 100 members",
  ],
  ["[".repeat(100_000), "line 1, column 34: nested more than 32 deep"],
  ["- ".repeat(100_000), "line 1, column 67: nested more than 32 deep"],
  ["{a: ".repeat(100_000), "line 1, column 133: nested more than 32 deep"],
  ["a:\n\t- b\n", "line 2, column 1: a tab in the indentation: use blanks"],
  ["a: 'b\n", "line 2, column 1: unterminated string"],
  ['a: "\\q"\n', "line 1, column 5: an unknown escape in a string"],
  ["a: [1, 2\n", 'line 2, column 1: "]" is missing, or its lines are not indented'],
  ["a: {b: 1\n", 'line 2, column 1: "}" is missing, or its lines are not indented'],
  ["a: 1\n b: 2\n", "line 1, column 4: a list or an object has to begin on a line of its own"],
  ["a:\n  b: 1\n c: 2\n", "line 3, column 1: not indented like what it belongs to"],
  ["a: 1\nb\n", 'line 2, column 1: ":" is missing after a key'],
  ["a: @b\n", "line 1, column 4: text that begins like this needs quotes"],
  ["a: [1 2, b: 3\n]]", 'line 2, column 2: unexpected "]"'],
  ["a: \x1b[31m\n", "line 1, column 4: a control character"],
  ["a: \0\n", "line 1, column 4: a control character"],
];

test("a document that would fill the memory is refused before it is read", () => {
  const message = "the document is larger than 16777216 bytes, the most in YAML: use JSON";
  assert.throws(() => parseYaml(Buffer.alloc(16 * 1024 * 1024 + 1, "#")), { name: "DocumentError", message });
});

test("a list of 80 values may have 20,000 aliases", () => {
  const list = Array(79).fill("x").join(", ");
  const value = parse(`a: &a [${list}]\nb:\n${"- *a\n".repeat(20_000)}`) as { readonly b: readonly string[][] };
  assert.equal(value.b.length, 20_000);
  assert.equal(value.b[19_999]?.[78], "x");
});

for (const [text, message] of faults) {
  test(`${JSON.stringify(text.slice(0, 60))}: ${message}`, () => {
    assert.throws(
      () => parse(text),
      (error) => {
        assert.ok(error instanceof DocumentError);
        assert.equal(error.message, message);
        return true;
      },
    );
  });
}

/** Texts of any length cost time in proportion, whether they are taken or refused. */
const linear: readonly (readonly [what: string, size: number, make: (size: number) => string])[] = [
  ["services", 600, (size) => "- {family: inet, address: 10.0.0.1, port: 80}\n- a: b\n  c: d\n".repeat(size)],
  ["one plain value", 100_000, (size) => "a b ".repeat(size)],
  ["one plain value of many lines", 20_000, (size) => "a b\n".repeat(size)],
  ["one string", 200_000, (size) => `"${"a ".repeat(size)}"`],
  ["one string of many lines", 20_000, (size) => `"${"a\n".repeat(size)}"`],
  ["one string without an end", 100_000, (size) => `'${"a\n".repeat(size)}`],
  ["one block", 20_000, (size) => `|\n${" a\n".repeat(size)}`],
  ["blanks", 100_000, (size) => " ".repeat(size)],
  ["empty lines", 30_000, (size) => `a:\n${"\n".repeat(size)}b`],
  ["comments", 5000, (size) => "# a\n".repeat(size)],
  ["comments in a list", 5000, (size) => `- a\n${"# a\n".repeat(size)}- b\n`],
  ["tabs", 100_000, (size) => `a:\n${"\t".repeat(size)}b`],
  ["members", 1500, (size) => Array.from({ length: size }, (_, index) => `k${index}: 1\n`).join("")],
  ["members between brackets", 1500, (size) => `{${"k, ".repeat(size)}}`],
  ["keys without a value", 1500, (size) => "k\n".repeat(size)],
  ["colons", 1500, (size) => ": ".repeat(size)],
  ["commas", 1500, (size) => `[${",".repeat(size)}`],
  ["closing brackets", 1500, (size) => "]".repeat(size)],
  ["a value with many faults", 2000, (size) => "a: @\n".repeat(size)],
  ["anchors", 1500, (size) => `[${"&a b, ".repeat(size)}]`],
  ["anchors of one value", 1500, (size) => `${"&a ".repeat(size)}b`],
  ["aliases", 1500, (size) => `[&a b${", *a".repeat(size)}]`],
  ["tags", 1500, (size) => `[${"!a b, ".repeat(size)}]`],
  ["documents", 1500, (size) => "---\n".repeat(size)],
  ["directives", 1500, (size) => "%YAML 1.2\n".repeat(size)],
];

// Compiled before it is measured.
parse("- {family: inet, port: 80}\n- a: b\n  c: d\n".repeat(2000));

for (const [what, size, make] of linear) {
  test(`${what} take time in proportion`, async () => {
    await assertLinear(
      (length) => Buffer.from(make(length)),
      (bytes) => {
        try {
          parseYaml(bytes);
        } catch (error) {
          if (!(error instanceof DocumentError)) throw error;
        }
      },
      size,
    );
  });
}

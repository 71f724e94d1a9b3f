import assert from "node:assert/strict";
import { test } from "node:test";
import { parseLeadingNumber, parseNumber } from "../../../src/cli/c-numbers.js";

test("numbers are decimal, whole and within their range", () => {
  const range = (text: string) => parseNumber(text, 0, 65535);
  assert.deepEqual(["0", "-0", "+5", " \t\n\v\f\r5", "010", "65535"].map(range), [0, 0, 5, 5, 10, 65535]);
  const refused = ["", " ", "x", "5x", "5 ", "5 6", "0x10", "-1", "65536", "99999999999999999999", "1e3", "\u00a05"];
  for (const text of refused) assert.equal(range(text), undefined, text);
});

test("a leading number wraps as atoi's does", () => {
  const texts = [
    "64x",
    " +64",
    "x",
    "",
    "-1",
    "4294967360",
    "-4294967232",
    "99999999999999999999",
    "-9999999999999999999",
  ];
  assert.deepEqual(texts.map(parseLeadingNumber), [64, 64, 0, 0, -1, 64, 64, -1, 0]);
});

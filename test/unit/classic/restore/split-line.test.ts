import assert from "node:assert/strict";
import { test } from "node:test";
import { isLostAtEnd, splitRestoreLine } from "../../../../src/classic/restore/split-line.js";

const cases: readonly (readonly [string, readonly string[]])[] = [
  ["", []],
  [" \t\r", []],
  ["ipvsadm", []],
  ["-A\t-t  x \r", ["-A", "-t", "x"]],
  ["-A\r-t", ["-A", "-t"]],
  ["-A\v-t", ["-A\v-t"]],
  ["ipvsadm -A ipvsadm x", ["-A", "x"]],
  ["/sbin/ipvsadm -A", ["/sbin/ipvsadm", "-A"]],
  [`"-A x" '#'`, [`"-A`, `x"`, "'#'"]],
  ["a\0b \0 c", ["a", "", "c"]],
  ["ipvsadm\0x -L", ["-L"]],
  [`${"a".repeat(4096)}b`, ["a".repeat(4096), "b"]],
  [`${"a".repeat(4096)}ipvsadm`, ["a".repeat(4096)]],
];

for (const [line, words] of cases) {
  test(`splits ${JSON.stringify(line).slice(0, 40)}`, () => assert.deepEqual(splitRestoreLine(line), words));
}

test("a last line without a newline is lost with two separators at its end", () => {
  for (const line of ["-C  ", "-C\t\r", "-A -t x   ", "a\0  "]) assert.ok(isLostAtEnd(line), JSON.stringify(line));
  for (const line of ["-C", "-C ", "-A  -t x\t", "", "   ", "  -C"])
    assert.ok(!isLostAtEnd(line), JSON.stringify(line));
});

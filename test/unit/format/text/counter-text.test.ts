import assert from "node:assert/strict";
import { test } from "node:test";
import { renderCount } from "../../../../src/format/text/counter-text.js";

test("numbers are cut, not rounded, at each scale", () => {
  const expected: readonly [bigint, string][] = [
    [0n, "        0"],
    [99_999_999n, " 99999999"],
    [100_000_000n, "  100000K"],
    [999_999_999n, "  999999K"],
    [1_000_000_000n, "    1000M"],
    [99_999_999_999n, "   99999M"],
    [100_000_000_000n, "     100G"],
    [99_999_999_999_999n, "   99999G"],
    [100_000_000_000_000n, "     100T"],
    [18_446_744_073_709_551_615n, "18446744T"],
  ];
  for (const [value, text] of expected) assert.equal(renderCount(value, false), text);
});

test("exact numbers widen their column", () => {
  assert.equal(renderCount(99_999_999n, true), " 99999999");
  assert.equal(renderCount(100_000_000n, true), " 100000000");
  assert.equal(renderCount(18_446_744_073_709_551_615n, true), " 18446744073709551615");
});

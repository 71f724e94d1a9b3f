import assert from "node:assert/strict";
import { test } from "node:test";
import { defineFuzzer, FuzzError } from "../fuzz/fuzzer.js";
import { fuzzers } from "../fuzz/fuzzers.js";
import { shorter } from "../fuzz/shrink.js";

/** Cases of each fuzzer, always the same: `npm run fuzz` searches further. */
const search = { seed: 1, count: 2000 };

for (const { name, search: searchFor } of fuzzers) {
  test(`${name}: no case fails, and every outcome is met`, async () => {
    for (const [outcome, times] of await searchFor(search)) assert.ok(times > 0, outcome);
  });
}

test("a case that fails is reported with its seed and the simplest input that fails too", async () => {
  const fuzzer = defineFuzzer<string>({
    name: "letters",
    outcomes: ["fine"],
    generate: (random) => Array.from({ length: 40 }, () => random.pick(["a", "b", "c", "d"])).join(""),
    run: (text) => {
      if (/a.*b.*a/.test(text)) throw new Error("aba");
      return "fine";
    },
    simplify: shorter,
    render: (text) => `<${text}>`,
  });
  await assert.rejects(fuzzer.search({ seed: 7, count: 100 }), (error) => {
    assert.ok(error instanceof FuzzError);
    assert.match(error.message, /^letters: seed 7 fails; .* --seed 7 --count 1\nsimplest input: <aba>\nError: aba\n/);
    return true;
  });
});

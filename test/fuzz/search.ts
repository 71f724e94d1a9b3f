/**
 * Longer searches than those of `npm test`:
 *
 *   npm run fuzz -- [NAME...] [--count N] [--seed S]
 *
 * runs N cases of each fuzzer, or of those named, the first with seed S, which is the time where it is not given. It prints how
 * many cases had which outcome. The first case that fails ends the search: it prints its seed and the simplest input that
 * fails too. The exit status is 1 then.
 */
import { parseArgs } from "node:util";
import { fuzzers } from "./fuzzers.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: "string", default: "10000" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
  },
});

const unknown = positionals.find((name) => !fuzzers.some((fuzzer) => fuzzer.name === name));
if (unknown !== undefined) throw new Error(`unknown fuzzer ${unknown}; there are ${fuzzers.map(({ name }) => name)}`);

const [seed, count] = [Number(values.seed), Number(values.count)];
for (const { name, search } of fuzzers) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const start = performance.now();
  try {
    const tally = await search({ seed, count });
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    const outcomes = [...tally].map(([outcome, times]) => `${times} ${outcome}`).join(", ");
    console.log(`${name}: seed ${seed}, ${count} cases in ${seconds} s: ${outcomes}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
    break;
  }
}

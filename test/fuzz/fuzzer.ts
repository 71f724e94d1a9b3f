import { Random } from "../support/random.js";
import { shrink } from "./shrink.js";
import { watchFor } from "./watchdog.js";

/**
 * What a fuzzer is made of. A case is one input, which depends on its seed alone: case 3 of a search with seed 100 is the
 * only case of a search with seed 103.
 */
export interface FuzzerParts<Input> {
  /** What it searches, for `npm run fuzz -- NAME`. */
  readonly name: string;
  /** Every outcome that `run` returns. A search that does not meet them all has not tested what it should. */
  readonly outcomes: readonly string[];
  generate(random: Random): Input;
  /** Hands the input to the program and returns what became of it. Rejects where the program does not do as it should. */
  run(input: Input): Promise<string> | string;
  /** Inputs that are simpler, the simplest first. */
  simplify(input: Input): Iterable<Input>;
  /** The whole input, so that a test can be made of it. */
  render(input: Input): string | Promise<string>;
}

export interface Search {
  readonly seed: number;
  readonly count: number;
}

export interface Fuzzer {
  readonly name: string;
  readonly outcomes: readonly string[];
  /** Runs cases and counts their outcomes. Rejects with a FuzzError for the first one that fails. */
  search(search: Search): Promise<Map<string, number>>;
}

/** A case that failed: the message has its seed, the simplest input that fails too, and how that fails. */
export class FuzzError extends Error {
  constructor(name: string, seed: number, input: string, cause: unknown) {
    const detail = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    super(
      `${name}: seed ${seed} fails; again: npm run fuzz -- ${name} --seed ${seed} --count 1\n` +
        `simplest input: ${input}\n${detail}`,
      { cause },
    );
    this.name = "FuzzError";
  }
}

export function defineFuzzer<Input>(parts: FuzzerParts<Input>): Fuzzer {
  const { name, outcomes } = parts;
  const search = async ({ seed, count }: Search) => {
    const tally = new Map(outcomes.map((outcome) => [outcome, 0]));
    const watchdog = watchFor(name);
    try {
      for (let index = 0; index < count; index++) {
        watchdog.begin(seed + index);
        const input = parts.generate(new Random(seed + index));
        const error = await failureOf(parts, input, (outcome) => tally.set(outcome, (tally.get(outcome) ?? 0) + 1));
        if (error === undefined) continue;
        const simplest = await shrink(
          input,
          parts.simplify,
          async (one) => (await failureOf(parts, one)) !== undefined,
        );
        const cause = (await failureOf(parts, simplest)) ?? error;
        throw new FuzzError(name, seed + index, await parts.render(simplest), cause.reason);
      }
    } finally {
      watchdog.end();
    }
    return tally;
  };
  return { name, outcomes, search };
}

/** Why a case fails; undefined where it does not. */
async function failureOf<Input>(
  { run, outcomes }: FuzzerParts<Input>,
  input: Input,
  count: (outcome: string) => void = () => {},
): Promise<{ readonly reason: unknown } | undefined> {
  try {
    const outcome = await run(input);
    if (!outcomes.includes(outcome)) throw new Error(`unknown outcome ${outcome}`);
    count(outcome);
    return undefined;
  } catch (reason) {
    return { reason };
  }
}

/** Attempts to simplify an input, all told: an input that needs more is short enough. */
const mostAttempts = 400;

/** The simplest input found that still fails. */
export async function shrink<Input>(
  input: Input,
  simplify: (input: Input) => Iterable<Input>,
  fails: (input: Input) => Promise<boolean>,
): Promise<Input> {
  let simplest = input;
  let attempts = 0;
  for (let progress = true; progress; ) {
    progress = false;
    for (const candidate of simplify(simplest)) {
      if (++attempts > mostAttempts) return simplest;
      if (!(await fails(candidate))) continue;
      simplest = candidate;
      progress = true;
      break;
    }
  }
  return simplest;
}

/** A list, or a text, without one of its parts: halves first, single elements last. */
export function* shorter<List extends string | readonly unknown[]>(list: List): Generator<List> {
  for (let size = Math.ceil(list.length / 2); size >= 1; size = size > 1 ? Math.ceil(size / 2) : 0) {
    for (let start = 0; start < list.length; start += size) {
      const [before, after] = [list.slice(0, start), list.slice(start + size)];
      yield (typeof before === "string" ? before + String(after) : [...before, ...after]) as List;
    }
  }
}

import type { Command } from "./command.js";

/**
 * A shorter sequence that still fails: drops commands, then lines of standard input, then words, as long as that keeps
 * the failure and `attempts` allows.
 */
export async function shrink(
  commands: readonly Command[],
  fails: (commands: readonly Command[]) => Promise<boolean>,
  attempts = 150,
): Promise<readonly Command[]> {
  let smallest = commands;
  let size: number;
  do {
    size = JSON.stringify(smallest).length;
    for (const candidatesOf of [withoutCommands, withoutLines, withoutWords]) {
      for (let at = 0; attempts > 0; attempts -= 1) {
        const candidate = candidatesOf(smallest)[at];
        if (candidate === undefined) break;
        // After a success the next candidate stands in this one's place.
        if (await fails(candidate)) smallest = candidate;
        else at += 1;
      }
    }
  } while (attempts > 0 && JSON.stringify(smallest).length < size);
  return smallest;
}

/** Larger pieces first, so that a long sequence gets short in few attempts. */
function pieces(length: number): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (let size = 2 ** Math.floor(Math.log2(Math.max(1, length / 2))); size >= 1; size /= 2) {
    for (let from = 0; from < length; from += size) found.push({ from, to: Math.min(length, from + size) });
  }
  return found;
}

const without = <T>(list: readonly T[], { from, to }: { from: number; to: number }) => [
  ...list.slice(0, from),
  ...list.slice(to),
];

/** The last command stays: it is the one that shows the difference. */
function withoutCommands(commands: readonly Command[]): (readonly Command[])[] {
  return pieces(commands.length - 1).map((piece) => without(commands, piece));
}

function withoutLines(commands: readonly Command[]): (readonly Command[])[] {
  return commands.flatMap((command, index) => {
    const lines = command.stdin?.split(/(?<=\n)/) ?? [];
    if (lines.length < 2) return [];
    return pieces(lines.length).map((piece) =>
      commands.with(index, { ...command, stdin: without(lines, piece).join("") }),
    );
  });
}

function withoutWords(commands: readonly Command[]): (readonly Command[])[] {
  return commands.flatMap((command, index) =>
    command.args.map((_word, at) =>
      commands.with(index, { ...command, args: without(command.args, { from: at, to: at + 1 }) }),
    ),
  );
}

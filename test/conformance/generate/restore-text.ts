import type { Random } from "../../support/random.js";

/** The text of a rules file with these command lines: tidy, or with all that people and editors leave in such files. */
export function restoreText(random: Random, commands: readonly (readonly string[])[]): string {
  const untidy = random.chance(0.5) ? random.pick([0.05, 0.3]) : 0;
  const end = random.chance(0.06) ? "\r\n" : "\n";
  const lines = commands.flatMap((words) => {
    const line = [...(random.chance(untidy) ? ["ipvsadm"] : []), ...words].join(
      random.chance(untidy) ? random.pick(["\t", "  ", " \t "]) : " ",
    );
    if (!random.chance(untidy)) return [line];
    return random.weighted([
      [4, ["", line]],
      [3, [line, "   \t"]],
      [2, [` ${line}`]],
      [2, [`${line} `]],
      [0.7, ["# a comment", line]],
      [0.4, [`${line} # why`]],
      [0.5, [`${line}${" ".repeat(random.pick([500, 1100, 5000]))}`]],
      [0.3, [`${line} ${"x".repeat(random.pick([1000, 2000, 5000]))}`]],
      [0.3, [Array.from({ length: 70 }, () => "-n").join(" "), line]],
      [0.5, [`${line} ipvsadm`]],
      [0.3, ["ipvsadm"]],
      [0.3, ["words without an option", line]],
      [0.2, [`"${line}"`]],
      [0.2, [`${line}\\`]],
      [0.2, [`${line}\v`]],
    ]);
  });
  return lines.join(end) + (random.chance(0.06) ? "" : end);
}

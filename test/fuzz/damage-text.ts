import type { Random } from "../support/random.js";

/** Numbers that are too long, too large, or written as nobody writes them. */
const oddNumbers = [
  ...["0", "00", "-0", "+1", "-1", "007", "1e9", "0x10", " 1", "1 ", "1.5", ""],
  ...["255", "256", "65535", "65536", "2147483647", "2147483648", "-2147483648", "-2147483649", "4294967296"],
  ...["9007199254740993", "18446744073709551615", "18446744073709551616", "F".repeat(16), "F".repeat(17)],
  ...["9".repeat(40), "9".repeat(400), `1${"0".repeat(5000)}`, `0.${"0".repeat(400)}1`, "-".repeat(50)],
];

const oddParts = [
  "\0",
  "\n",
  "\r\n",
  "\t",
  " ",
  "  ",
  "\v",
  "\f",
  "\x1b[31m",
  "\x7f",
  "\x80",
  "\xff",
  "\xc3\xa9",
  "\xef\xbb\xbf",
  '"',
  "\\",
  "#",
  "~",
  "-",
  "[",
  "]",
  ":",
  ".",
  ",",
  "=",
];

type Damage = (text: string, at: number, random: Random) => string;

/** Byte strings: a character is a byte. `at` is a position in the text, or its end. */
const damages: readonly (readonly [weight: number, damage: Damage])[] = [
  [4, (text, at, random) => replace(text, at, 1, String.fromCharCode(random.below(256)))],
  [
    2,
    (text, at, random) =>
      replace(text, at, 1, String.fromCharCode(text.charCodeAt(at) ^ ((1 << random.below(8)) & 0xff))),
  ],
  [3, (text, at, random) => replace(text, at, 0, random.pick(oddParts))],
  [1, (text, at, random) => replace(text, at, 0, random.pick(oddParts).repeat(random.pick([2, 50, 3000])))],
  [2, (text, at, random) => replace(text, at, 1 + random.below(random.pick([1, 10, 200])), "")],
  [1, (text, at) => text.slice(0, at)],
  [1, (text, at) => text.slice(at)],
  [1, (text, at, random) => replace(text, at, 0, text.slice(at, at + random.below(100)))],
  [1, (text, at, random) => replace(text, at, 0, text.slice(random.below(text.length + 1)).slice(0, 100))],
  [4, (text, at, random) => replaceMatch(text, at, /[-+]?[0-9A-Fa-f]+/g, () => random.pick(oddNumbers))],
  [
    2,
    (text, at, random) =>
      replaceMatch(text, at, /[^\s]+/g, (word) =>
        random.pick(["", `${word} ${word}`, word.toLowerCase(), word.repeat(20)]),
      ),
  ],
  [
    2,
    (text, at, random) =>
      replaceMatch(text, at, /[^\n]*\n/y, (line) =>
        random.pick(["", line + line, `${line}\n`, ` ${line}`, line.trimEnd()]),
      ),
  ],
];

function replace(text: string, at: number, length: number, replacement: string): string {
  return text.slice(0, at) + replacement + text.slice(at + length);
}

/** Replaces the first match from `at` on. */
function replaceMatch(text: string, at: number, pattern: RegExp, replacement: (match: string) => string): string {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  return match === null ? text : replace(text, match.index, match[0].length, replacement(match[0]));
}

/** A byte string with so many faults; some are none after all. */
export function damageText(text: string, faults: number, random: Random): string {
  let damaged = text;
  for (let count = 0; count < faults; count++) {
    damaged = random.weighted(damages)(damaged, random.below(damaged.length + 1), random);
  }
  return damaged;
}

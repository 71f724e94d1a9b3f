import type { Command, Outcome } from "./command.js";

/** A way in which ours differs on purpose. */
export interface Departure {
  readonly name: string;
  /**
   * What ours is to answer where the original answered `theirs`, or undefined where this departure has no say.
   * A predicate instead of an outcome: any answer that fulfils it is right.
   */
  expect(theirs: Outcome, command: Command): Outcome | ((ours: Outcome) => boolean) | undefined;
}

const crashSignals = new Set([128 + 6, 128 + 7, 128 + 8, 128 + 11]);

/** The same list as in COMPATIBILITY.md, as far as two programs can be seen to differ in it without traffic. */
export const departures: readonly Departure[] = [
  {
    // A mark prints unsigned; the column it stands in keeps its width.
    name: "fwmark-unsigned",
    expect(theirs) {
      const unsigned = (digits: string) => String(Number(digits) >>> 0);
      const stdout = theirs.stdout
        .replace(
          /^(FWM {2})(-\d+)((?: IPv6)?)( *)/gm,
          (whole, title: string, mark: string, family: string, blanks: string) => {
            const text = title + unsigned(mark) + family;
            return blanks.length > 1 ? text.padEnd(whole.length) : text + blanks;
          },
        )
        .replace(/^(-[Aa] -f )(-\d+)/gm, (_whole, option: string, mark: string) => option + unsigned(mark));
      return stdout === theirs.stdout ? undefined : { ...theirs, stdout };
    },
  },
  {
    // What the original answers by crashing gets an error of any wording.
    name: "crash",
    expect: (theirs) =>
      crashSignals.has(theirs.status) ? (ours) => ours.status !== 0 && ours.stderr !== "" : undefined,
  },
  {
    // The original was seen to hang in a restore; ours must not.
    name: "hang",
    expect: (theirs) => (theirs.hung ? (ours) => !ours.hung : undefined),
  },
];

import { withoutMark } from "../../format/json/parse-json.js";
import { lineFeed } from "../restore/byte-lines.js";

/** The forms in which a desired state can be written; `rules` are lines of `ipvsadm -S`. */
export type InputForm = "json" | "yaml" | "rules";

/** The first words of what `ipvsadm -L` prints. */
const listingTitle = "IP Virtual Server version ";

/** Whether it is a listing of `ipvsadm -L`, which lacks much of what a table has. */
export function isListing(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(0, listingTitle.length)) === listingTitle;
}

/** Blank, tab, carriage return, NUL. */
const leadingBlanks: readonly number[] = [0x20, 0x09, 0x0d, 0];

/** Enough of a line to recognize its form. */
const longestBeginning = 256;

const formOfEnding: ReadonlyMap<string, InputForm> = new Map([
  ["json", "json"],
  ["yaml", "yaml"],
  ["yml", "yaml"],
]);

/**
 * The form of an input; undefined if it holds nothing but blanks and comments. The ending of its name decides, or else its
 * first other line: JSON begins with a bracket, a rule with an option. UTF-16 is not a form: every reader refuses it.
 */
export function recognizeForm(bytes: Uint8Array, name = ""): InputForm | undefined {
  const [, ending = ""] = /\.(\w+)$/.exec(name.toLowerCase()) ?? [];
  const text = withoutMark(bytes);
  let hasComment = false;
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf(lineFeed, start);
    const end = found < 0 ? text.length : found;
    const line = beginningOf(text.subarray(start, end));
    if (line.startsWith("#")) hasComment = true;
    else if (line !== "") return formOfEnding.get(ending) ?? formOfLine(line, hasComment);
    start = end + 1;
  }
  return undefined;
}

/** The beginning of a line, without the blanks before it. NUL counts as a blank, since UTF-16 has it. */
function beginningOf(line: Uint8Array): string {
  const start = line.findIndex((byte) => !leadingBlanks.includes(byte));
  return start < 0 ? "" : String.fromCharCode(...line.subarray(start, start + longestBeginning));
}

/** JSON has no comments. The word `ipvsadm` may stand before the options of a rule. */
function formOfLine(line: string, hasComment: boolean): InputForm {
  if (/^[{[]/.test(line) && !hasComment) return "json";
  return /^(?:ipvsadm[ \t]+)*--?[A-Za-z]/.test(line) ? "rules" : "yaml";
}

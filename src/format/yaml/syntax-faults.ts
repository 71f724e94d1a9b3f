import type { ErrorCode, YAMLParseError } from "yaml";
import { quote } from "../json/parse-json.js";

/** What the package says that its codes do not, in our words. */
const bySentence: readonly (readonly [RegExp, string])[] = [
  [/^Missing closing/, "unterminated string"],
  [/^Implicit map keys need/, '":" is missing after a key'],
  [/^Missing ,/, '"," is missing'],
  [/^Missing space after :/, 'a blank is missing after ":"'],
  [/in block collection must be.* a \}/, '"}" is missing, or its lines are not indented'],
  [/in block collection must be.* a \]/, '"]" is missing, or its lines are not indented'],
  [/must end with a \}/, '"}" is missing'],
  [/must end with a \]/, '"]" is missing'],
  [/^Sequence item without/, '"-" is missing'],
  [/^Comments must be/, 'a blank is missing before "#"'],
  [/start at the same column/, "not indented like what it belongs to"],
];

const byCode: Readonly<Partial<Record<ErrorCode, string>>> = {
  ALIAS_PROPS: "an alias has no anchor and no tag",
  BAD_ALIAS: "an anchor or an alias without a name",
  BAD_DQ_ESCAPE: "an unknown escape in a string",
  BAD_INDENT: "wrong indentation",
  BAD_PROP_ORDER: "an anchor in the wrong place",
  BAD_SCALAR_START: "text that begins like this needs quotes",
  BLOCK_AS_IMPLICIT_KEY: "a list or an object has to begin on a line of its own",
  BLOCK_IN_FLOW: "indentation does not count between brackets",
  KEY_OVER_1024_CHARS: "a key of more than 1024 characters",
  MISSING_CHAR: "something is missing",
  MULTILINE_IMPLICIT_KEY: 'a key has to be on one line, with ":"',
  MULTIPLE_ANCHORS: "two anchors for one value",
  TAB_AS_INDENT: "a tab in the indentation: use blanks",
  TAG_RESOLVE_FAILED: "tags are not supported",
};

/** What is wrong at the place of an error. */
export function describeSyntaxError({ code, message, pos: [position] }: YAMLParseError, text: string): string {
  const known = bySentence.find(([sentence]) => sentence.test(message))?.[1] ?? byCode[code];
  if (known !== undefined) return known;
  const found = text.codePointAt(position);
  return found === undefined ? "unexpected end of the input" : `unexpected ${quote(String.fromCodePoint(found))}`;
}

/**
 * YAML 1.2 as documents need it: what JSON can say, and no more. This folder loads the package `yaml`, so it is imported
 * only where there is YAML to read.
 */
import { Composer, CST, type Document, Lexer, Parser } from "yaml";
import { DocumentError } from "../json/document-error.js";
import { decodeDocument, documentLimits, faultAt, type JsonValue, limitFaults } from "../json/parse-json.js";
import { locatePath } from "./locate-path.js";
import { NodeReader } from "./node-reader.js";
import { describeSyntaxError } from "./syntax-faults.js";

/** The package needs eighty times as much memory, and a process of Node may have a gigabyte or two. JSON may be longer. */
const largestYaml = 16 * 1024 * 1024;

/**
 * Parses UTF-8 YAML text, after a byte order mark if it has one: one document, whose values are those of JSON, by the core
 * schema. Throws a DocumentError with line and column for the first fault. Refused are tags, keys that are not text,
 * duplicate keys, and aliases that would make the document too large. A merge key is a key like any other.
 */
export function parseYaml(bytes: Uint8Array): JsonValue {
  if (bytes.length > largestYaml)
    throw new DocumentError(`the document is larger than ${largestYaml} bytes, the most in YAML: use JSON`);
  const text = decodeDocument(bytes);
  const control = text.search(controlCharacter);
  if (control >= 0) throw faultAt(text, control, "a control character");
  const { contents, errors } = compose(text);
  if (errors.length > 0) {
    const first = errors.reduce((first, error) => (error.pos[0] < first.pos[0] ? error : first));
    throw faultAt(text, Math.min(first.pos[0], text.length), describeSyntaxError(first, text));
  }
  return new NodeReader(text).read(contents);
}

/**
 * The line of a path in YAML that was parsed already; undefined where that is more than a message is worth.
 */
export function lineOfYamlPath(bytes: Uint8Array, path: string): number | undefined {
  if (bytes.length > largestLocated) return undefined;
  try {
    const text = decodeDocument(bytes);
    const position = locatePath(compose(text).contents, path);
    return position === undefined ? undefined : text.slice(0, position).split("\n").length;
  } catch (error) {
    if (error instanceof DocumentError) return undefined;
    throw error;
  }
}

/** Seconds, and hundreds of megabytes: a message is not worth more. */
const largestLocated = 4 * 1024 * 1024;

/** YAML has none of these. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const controlCharacter = /[\0-\x08\x0b\x0c\x0e-\x1f]/;

/** Values stay text here: NodeReader, and not the package, says what they mean and which keys are duplicate. */
const composerOptions = {
  version: "1.2",
  schema: "failsafe",
  resolveKnownTags: false,
  uniqueKeys: false,
  logLevel: "silent",
} as const;

function compose(text: string): Pick<Document.Parsed, "contents" | "errors"> {
  const composer = new Composer(composerOptions);
  const documents = [...composer.compose(readTokens(text))];
  return documents[0] ?? { contents: null, errors: composer.streamInfo().errors };
}

/** The package's tokens. It takes strings of any length, and what is nested until the stack ends. */
function* readTokens(text: string): Generator<CST.Token> {
  const parser = new Parser();
  let documents = 0;
  const checked = (token: CST.Token) => {
    if (token.type === "directive" && !/^%YAML[ \t]+1\.2[ \t]*$/.test(token.source)) {
      throw faultAt(text, token.offset, "only the directive %YAML 1.2 is supported");
    }
    if (token.type === "document" && ++documents > 1) throw faultAt(text, token.offset, "a second document");
    return token;
  };
  let isScalar = false;
  for (const lexeme of new Lexer().lex(text)) {
    const { offset } = parser;
    const quotes = /^["']/.test(lexeme) ? 2 : 0;
    if ((isScalar || quotes > 0) && lexeme.length - quotes > documentLimits.stringLength) {
      throw faultAt(text, offset, limitFaults.stringLength);
    }
    isScalar = !isScalar && lexeme === CST.SCALAR;
    for (const token of parser.next(lexeme)) yield checked(token);
    // The document and a value are on the stack besides what is nested.
    if (parser.stack.length > documentLimits.depth + 2) throw faultAt(text, offset, limitFaults.depth);
  }
  for (const token of parser.end()) yield checked(token);
}

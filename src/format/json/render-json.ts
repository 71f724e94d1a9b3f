import { compactStyle, type Style } from "./json-style.js";
import { isList, type JsonValue } from "./parse-json.js";

/** A list whose values are rendered as they come. */
export interface Stream {
  readonly stream: Iterable<JsonValue>;
}

/** A value that is text already, in the style of the whole. */
export interface Rendered {
  readonly rendered: Iterable<string>;
}

/** An object as JSON text in pieces, with a line for each value of a stream unless the style has one line. */
export function* renderObject(
  members: Iterable<readonly [string, JsonValue | Stream | Rendered]>,
  style: Style,
): Generator<string> {
  const line = style.indent === undefined ? "" : `\n${" ".repeat(style.indent)}`;
  let before = "{";
  for (const [key, value] of members) {
    yield `${before}${line}${renderName(key, style)}`;
    if (isStream(value)) yield* renderStream(value.stream, style);
    else if (isRendered(value)) yield* value.rendered;
    else yield renderValue(value, style, 1);
    before = ",";
  }
  yield style.indent === undefined ? "}\n" : "\n}\n";
}

function isStream(value: JsonValue | Stream | Rendered): value is Stream {
  return typeof value === "object" && value !== null && "stream" in value;
}

function isRendered(value: JsonValue | Rendered): value is Rendered {
  return typeof value === "object" && value !== null && "rendered" in value;
}

function* renderStream(values: Iterable<JsonValue>, style: Style): Generator<string> {
  const line = style.oneLine ? "" : `\n${" ".repeat(2 * (style.indent ?? 0))}`;
  let before = "[";
  for (const value of values) {
    yield `${before}${line}${renderValue(value, style, 2)}`;
    before = ",";
  }
  if (before === "[") yield "[]";
  else yield style.oneLine ? "]" : `\n${" ".repeat(style.indent ?? 0)}]`;
}

/** A value as JSON text in ASCII; integers have all their digits. */
export function renderValue(value: JsonValue, style: Style = compactStyle, depth = 0): string {
  switch (typeof value) {
    case "string":
      return style.string(renderString(value));
    case "number":
    case "bigint":
      return style.number(value.toString());
    case "boolean":
      return style.word(value ? "true" : "false");
  }
  if (value === null) return style.word("null");
  if (isList(value))
    return enclose(
      "[",
      value.map((element) => renderValue(element, style, depth + 1)),
      "]",
      style,
      depth,
    );
  const members: string[] = [];
  for (const key of Object.keys(value)) {
    members.push(renderName(key, style) + renderValue(value[key] ?? null, style, depth + 1));
  }
  return enclose("{", members, "}", style, depth);
}

function renderName(key: string, style: Style): string {
  return `${style.key(renderString(key))}:${style.indent === undefined ? "" : " "}`;
}

function renderString(text: string): string {
  // Nearly all texts need no escape.
  if (/^[ !#-[\]-~]*$/.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function enclose(open: string, parts: readonly string[], close: string, { indent }: Style, depth: number): string {
  if (indent === undefined || parts.length === 0) return open + parts.join(",") + close;
  const line = `\n${" ".repeat(indent * (depth + 1))}`;
  return `${open}${line}${parts.join(`,${line}`)}\n${" ".repeat(indent * depth)}${close}`;
}

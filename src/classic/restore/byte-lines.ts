import { decodeLatin1, encodeLatin1 } from "../../bytes/bytes.js";

export const lineFeed = 0x0a;

/**
 * The lines of a text that arrives in chunks, without their ends, as byte strings: for each chunk the lines that it
 * completes, so that a line takes effect as soon as it is whole. A line of any length takes time in proportion to it.
 * `takesLast` decides whether a last line counts that has no newline.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  takesLast: (line: string) => boolean = () => true,
): AsyncIterable<string[]> {
  let rest: string[] = [];
  for await (const chunk of chunks) {
    const text = decodeLatin1(chunk);
    if (!chunk.includes(lineFeed)) {
      rest.push(text);
      continue;
    }
    const lines = text.split("\n");
    if (rest.length > 0) lines[0] = rest.join("") + lines[0];
    rest = [lines.pop() ?? ""];
    yield lines;
  }
  const last = rest.join("");
  if (last !== "" && takesLast(last)) yield [last];
}

/** Lines with their ends, as bytes, one per character. */
export function encodeLines(lines: Iterable<string>): Uint8Array {
  return encodeLatin1(Array.from(lines, (line) => `${line}\n`).join(""));
}

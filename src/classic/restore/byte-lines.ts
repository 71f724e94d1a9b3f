/**
 * The lines of a text that comes in pieces, without their ends, as byte strings: for each piece the lines that it
 * completes, so that a reader at a terminal or behind a slow pipe sees each line as soon as it is whole.
 */
export async function* readLines(pieces: AsyncIterable<Uint8Array>): AsyncIterable<string[]> {
  let rest = "";
  for await (const piece of pieces) {
    const lines = (rest + Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString("latin1")).split("\n");
    rest = lines.pop() ?? "";
    yield lines;
  }
  if (rest !== "") yield [rest];
}

/** Lines with their ends, as bytes of one a character. */
export function encodeLines(lines: Iterable<string>): Uint8Array {
  return Buffer.from(Array.from(lines, (line) => `${line}\n`).join(""), "latin1");
}

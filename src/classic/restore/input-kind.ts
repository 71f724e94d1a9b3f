/** What a restore is given: a JSON document or command lines, in chunks as they arrive. */
export type RestoreInput =
  | { readonly document: AsyncIterable<Uint8Array> }
  | { readonly lines: AsyncIterable<Uint8Array> };

/**
 * Reads input until it is clear what it is: a document starts with `{` or `[`, after blanks and an optional byte order
 * mark. UTF-16 is taken for a document as well, which is refused later with the reason. No rule begins like that.
 */
export async function recognizeInput(chunks: AsyncIterable<Uint8Array>): Promise<RestoreInput> {
  const rest = chunks[Symbol.asyncIterator]();
  const seen: Uint8Array[] = [];
  let beginning: readonly number[] = [];
  for (let next = await rest.next(); !next.done; next = await rest.next()) {
    seen.push(next.value);
    beginning = [...beginning, ...next.value.subarray(0, longestMark)].slice(0, longestMark);
    const isDocument = looksLikeDocument(beginning, next.value);
    if (isDocument) return { document: chain(seen, rest) };
    if (isDocument === false) break;
  }
  return { lines: chain(seen, rest) };
}

async function* chain(first: Iterable<Uint8Array>, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/** Byte order marks: UTF-8, UTF-16 in either order. */
const byteOrderMarks: readonly (readonly number[])[] = [
  [0xef, 0xbb, 0xbf],
  [0xff, 0xfe],
  [0xfe, 0xff],
];
const longestMark = 3;

const blanks: readonly number[] = [0x20, 0x09, 0x0a, 0x0d];
const brackets: readonly number[] = [0x7b, 0x5b];
const nul = 0;

/**
 * Whether input is a document rather than command lines, by its first bytes and its latest chunk; undefined while there is
 * not enough of it to tell.
 */
function looksLikeDocument(beginning: readonly number[], chunk: Uint8Array): boolean | undefined {
  for (const mark of byteOrderMarks) {
    const isPossible = beginning.every((byte, index) => index >= mark.length || byte === mark[index]);
    if (isPossible && beginning.length > 0) return beginning.length >= mark.length ? true : undefined;
  }
  const first = chunk.find((byte) => !blanks.includes(byte) && byte !== nul);
  return first === undefined ? undefined : brackets.includes(first);
}

/** What a restore is given: a JSON document or command lines, in pieces as they come. */
export type RestoreInput =
  | { readonly document: AsyncIterable<Uint8Array> }
  | { readonly lines: AsyncIterable<Uint8Array> };

/** Reads input as far as its first character that is not blank, which tells what it is. */
export async function recognizeInput(pieces: AsyncIterable<Uint8Array>): Promise<RestoreInput> {
  const rest = pieces[Symbol.asyncIterator]();
  const seen: Uint8Array[] = [];
  for (let next = await rest.next(); !next.done; next = await rest.next()) {
    seen.push(next.value);
    const isDocument = looksLikeDocument(next.value);
    if (isDocument) return { document: chain(seen, rest) };
    if (isDocument === false) break;
  }
  return { lines: chain(seen, rest) };
}

async function* chain(first: Iterable<Uint8Array>, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/** Whether input is a document rather than command lines, by its first character that is not blank; undefined: none yet. */
function looksLikeDocument(bytes: Uint8Array): boolean | undefined {
  const first = bytes.find((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d);
  return first === undefined ? undefined : first === 0x7b;
}

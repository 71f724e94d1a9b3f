import { encodeByteString } from "../format/json/byte-text.js";

/**
 * The byte string of a path in Unicode, in which U+DC00 plus the byte is a byte that is not UTF-8, as in JSON. Throws a
 * RangeError for a path that has no bytes.
 */
export function encodePath(path: string): string {
  const bytes = encodeByteString(path);
  if (bytes === undefined) throw new RangeError(`a path cannot have a lone surrogate: ${JSON.stringify(path)}`);
  return bytes;
}

/** Options of a call as the parts below take them: with a path as a byte string. */
export function withBytePath<Options extends { readonly undoFolder?: string | undefined }>(options: Options): Options {
  const { undoFolder } = options;
  return undoFolder === undefined ? options : { ...options, undoFolder: encodePath(undoFolder) };
}

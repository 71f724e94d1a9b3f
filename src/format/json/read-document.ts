import { concatBytes } from "../../bytes/bytes.js";
import type { DesiredState } from "../../model/desired.js";
import { DocumentError } from "./document-error.js";
import { fromDocument } from "./from-document.js";
import { parseJsonBytes } from "./parse-json.js";

/** Far above any table, far below what would exhaust the memory of a director. */
const LARGEST_DOCUMENT = 256 * 1024 * 1024;

/** What a document in UTF-8 configures, read and checked whole. Rejects with a DocumentError for the first fault. */
export async function readDocument(pieces: AsyncIterable<Uint8Array>): Promise<DesiredState> {
  return parseDocumentBytes(await readDocumentBytes(pieces));
}

/** The bytes of a document of any form. Rejects with a DocumentError where there are too many. */
export async function readDocumentBytes(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const read: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    length += piece.length;
    if (length > LARGEST_DOCUMENT) throw new DocumentError(`the document is larger than ${LARGEST_DOCUMENT} bytes`);
    read.push(piece);
  }
  return concatBytes(read);
}

/** As readDocument. Throws a DocumentError. */
export function parseDocumentBytes(bytes: Uint8Array): DesiredState {
  return fromDocument(parseJsonBytes(bytes));
}

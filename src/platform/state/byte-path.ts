/** A path is a byte string (one character per byte) in the whole program. */

/** What Node's modules take: given text, they would look for a name in UTF-8. */
export function toFilePath(path: string): Buffer {
  return Buffer.from(path, "latin1");
}

/** The text that a path has on a terminal. */
export function renderPath(path: string): string {
  return Buffer.from(path, "latin1").toString("utf8");
}

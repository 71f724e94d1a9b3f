/**
 * Byte strings (one character per byte, latin1), UTF-8 and bytes, by Node's and Bun's Buffer. Every function mentions Buffer
 * itself: Bun creates it, in 0.1 ms, when it first enters a function that does.
 * `quickjs/bytes.ts` is the same without Buffer; the build of the small executable puts it in place of this one.
 */

/** The byte string of bytes. */
export function decodeLatin1({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString("latin1");
}

/** The bytes of a byte string. */
export function encodeLatin1(text: string): Uint8Array<ArrayBuffer> {
  return Buffer.from(text, "latin1");
}

const longText = 256;

/** Writes a byte string into bytes, which must have room for it. */
export function copyLatin1(text: string, bytes: Uint8Array, offset: number): void {
  // Most texts are short, and take longer to hand over than to copy.
  if (text.length > longText) handOver(text, bytes, offset);
  else for (let index = 0; index < text.length; index++) bytes[offset + index] = text.charCodeAt(index);
}

function handOver(text: string, { buffer, byteOffset }: Uint8Array, offset: number): void {
  Buffer.from(buffer, byteOffset + offset, text.length).write(text, "latin1");
}

/** Unicode text as UTF-8. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return Buffer.from(text, "utf8");
}

/** The text of valid UTF-8, a byte order mark included. */
export function decodeUtf8({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString("utf8");
}

/** All pieces, one after another, in an array of `size` bytes, or of as many as they have. */
export function concatBytes(pieces: readonly Uint8Array[], size?: number): Uint8Array<ArrayBuffer> {
  return Buffer.concat(pieces, size);
}

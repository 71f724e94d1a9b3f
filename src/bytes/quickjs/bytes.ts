/** `../bytes.ts` for the small executable, by functions of its host. */
import * as host from "host";

export function decodeLatin1(bytes: Uint8Array): string {
  return host.decodeLatin1(bytes);
}

export function encodeLatin1(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  host.copyLatin1(text, bytes, 0);
  return bytes;
}

export function copyLatin1(text: string, bytes: Uint8Array, offset: number): void {
  host.copyLatin1(text, bytes, offset);
}

export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(host.encodeUtf8(text));
}

export function decodeUtf8(bytes: Uint8Array): string {
  return host.decodeUtf8(bytes);
}

export function concatBytes(pieces: readonly Uint8Array[], size?: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size ?? pieces.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}

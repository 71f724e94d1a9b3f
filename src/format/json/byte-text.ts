import { decodeLatin1, decodeUtf8, encodeLatin1, encodeUtf8 } from "../../bytes/bytes.js";
import { isUtf8 } from "../../bytes/is-utf8.js";

/*
 * Names of the kernel are bytes, and the model holds them as byte strings (one character a byte). In JSON they are
 * Unicode: UTF-8 where they are that, else each byte above 0x7f becomes a lone surrogate, U+DC00 plus the byte - what
 * Python calls surrogateescape - so that nothing is lost.
 */

const ESCAPE = 0xdc00;

/** A byte string as Unicode text. */
export function decodeByteString(bytes: string): string {
  if (!/[\x80-\xff]/.test(bytes)) return bytes;
  const encoded = encodeLatin1(bytes);
  if (isUtf8(encoded)) return decodeUtf8(encoded);
  return bytes.replace(/[\x80-\xff]/g, (byte) => String.fromCharCode(ESCAPE + byte.charCodeAt(0)));
}

/** Unicode text as a byte string; undefined where a lone surrogate stands for no byte. */
export function encodeByteString(text: string): string | undefined {
  let bytes = "";
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes += character;
    else if (code >= ESCAPE + 0x80 && code <= ESCAPE + 0xff) bytes += String.fromCharCode(code - ESCAPE);
    else if (code >= 0xd800 && code <= 0xdfff) return undefined;
    else bytes += decodeLatin1(encodeUtf8(character));
  }
  return bytes;
}

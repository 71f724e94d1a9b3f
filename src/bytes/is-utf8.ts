/** By itself, since only documents need it: `quickjs/is-utf8.ts` is its twin in the small executable. */
import { isUtf8 as isBufferUtf8 } from "node:buffer";

/** Whether bytes are valid UTF-8. */
export function isUtf8(bytes: Uint8Array): boolean {
  return isBufferUtf8(bytes);
}

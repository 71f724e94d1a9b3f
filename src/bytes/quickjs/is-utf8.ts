/** `../is-utf8.ts` for the small executable. */
import * as host from "host";

export function isUtf8(bytes: Uint8Array): boolean {
  return host.isUtf8(bytes);
}

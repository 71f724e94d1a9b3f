import type { Host } from "../../host/host.js";

/** Prints lines: text without its newline, or bytes of whole lines. */
export function print(lines: Iterable<string | Uint8Array>, host: Host): void {
  for (const line of lines) host.stdout.write(typeof line === "string" ? `${line}\n` : line);
}

import type { Effects } from "./effects.js";

/** Prints lines: text without its newline, or bytes of whole lines. */
export function print(lines: Iterable<string | Uint8Array>, effects: Effects): void {
  for (const line of lines) effects.output(typeof line === "string" ? `${line}\n` : line);
}

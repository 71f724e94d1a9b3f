import type { Host } from "../../host/host.js";
import { StoppedError } from "./stopped-error.js";

/**
 * Prints what a verb has done, down to the last byte. Throws a StoppedError where that cannot be written. `state` says what
 * the table has become, and how to go back.
 */
export async function printOutcome(
  host: Pick<Host, "stdout">,
  state: string,
  print: () => void | Promise<void>,
): Promise<void> {
  try {
    await print();
    host.stdout.writeText("");
  } catch (error) {
    throw error instanceof Error ? new StoppedError(error, state) : error;
  }
}

/** The same for a text that can be written at once. */
export function writeOutcome({ stdout }: Pick<Host, "stdout">, state: string, text: string): void {
  try {
    stdout.writeText(text);
  } catch (error) {
    throw error instanceof Error ? new StoppedError(error, state) : error;
  }
}

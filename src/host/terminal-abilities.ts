/** What the terminals of a host can show. Nothing else decides about colors and cursors. */
import type { Host } from "./host.js";

/** What it is decided by. */
export interface TerminalFacts {
  readonly env: Host["env"];
  readonly terminal: Pick<Host["terminal"], "isOutput">;
}

/** Whether terminals can move their cursor, clear lines and show colors. */
export function isSmartTerminal({ TERM }: Host["env"]): boolean {
  return TERM !== "dumb";
}

/** Whether standard output is a terminal that can be a screen. */
export async function outputIsScreen({ env, terminal }: TerminalFacts): Promise<boolean> {
  return isSmartTerminal(env) && (await terminal.isOutput());
}

/** Whether what goes to standard output is colored. */
export async function outputHasColors(host: TerminalFacts): Promise<boolean> {
  return !host.env.NO_COLOR && (await outputIsScreen(host));
}

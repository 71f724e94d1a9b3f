/** `../process.ts` for the small executable: its host knows the arguments as they are, and obeys no variable. */
import * as host from "host";

export function commandLineArgs(): string[] {
  return host.arguments().slice(1);
}

export function commandName(): string {
  return host.arguments()[0] ?? "";
}

/** Only what says how output looks. */
export function environment(): Readonly<Record<string, string | undefined>> {
  return { NO_COLOR: host.environment("NO_COLOR"), TERM: host.environment("TERM") };
}

/** It has no packages. */
export function forgetVariables(): void {}

export function waitForOtherEnd(): void {
  host.pause();
}

export function dieOfBrokenPipe(): void {
  host.dieOfBrokenPipe();
}

export async function outputIsTerminal(): Promise<boolean> {
  return host.isTerminal(1);
}

export function exit(status: number): never {
  return host.exit(status);
}

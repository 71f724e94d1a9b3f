import { execFile } from "node:child_process";

/**
 * Runs a program and returns what it prints, as a byte string, or undefined where it fails. Does not block. When this process
 * ends first, the program is left to end by itself.
 */
export function programOutput(path: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(path, args, { encoding: "latin1" }, (error, stdout) => resolve(error === null ? stdout : undefined));
  });
}

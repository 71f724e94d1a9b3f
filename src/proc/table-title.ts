import { decodeLatin1 } from "../bytes/bytes.js";
import type { Info } from "../model/table.js";
import { ProcError } from "./proc-error.js";
import type { ProcFiles } from "./proc-files.js";

/** The facts in the first line of /proc/net/ip_vs; undefined where it is another line. */
export function parseTableTitle(text: string): Info | undefined {
  const [, version, size] = /^IP Virtual Server version (\S+) \(size=(\d+)\)\n/.exec(text) ?? [];
  return version === undefined ? undefined : { version, connectionTableSize: Number(size) };
}

/** The general facts of ip_vs that every user may read; empty where the file cannot be read. */
export function readTableTitle(proc: ProcFiles): Partial<Info> {
  try {
    for (const chunk of proc.readChunks("ip_vs")) return parseTableTitle(decodeLatin1(chunk)) ?? {};
  } catch (error) {
    if (!(error instanceof ProcError)) throw error;
  }
  return {};
}

import type { Host } from "../../src/host/host.js";
import { nodePlatform } from "../../src/host/node-platform.js";
import { systemHost } from "../../src/host/system-host.js";
import { makeHost } from "./fake-host.js";

export interface ProgramResult {
  readonly status: number;
  /** Byte strings. */
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program within this process, on the real kernel and files, with standard streams in memory. */
export async function runOnKernel(
  program: (host: Host) => Promise<number>,
  stdin: readonly string[] = [],
): Promise<ProgramResult> {
  const streams = makeHost({ stdin });
  const { stdout, stderr } = streams;
  const status = await program({ ...systemHost(nodePlatform), stdin: streams.stdin, stdout, stderr });
  return { status, stdout: streams.output, stderr: streams.error };
}

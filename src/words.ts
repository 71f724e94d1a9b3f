/**
 * The commands that are words, on Node. Not part of the bundle: loaded with modules of its own, so that a class is the same
 * wherever it is asked for.
 */
import { runCommand } from "./commands/run.js";
import { openSocket } from "./netlink/socket-node.js";
import type { OutputStreams } from "./process.js";
import { nodeSystemCalls } from "./runtime/node.js";
import { type Platform, systemWorld } from "./system.js";

const platform: Platform = { calls: nodeSystemCalls, openSocket };

/** Runs a command of oclif's kind and returns its exit status. `words` begin with its name. */
export function runWord(words: readonly string[], streams: OutputStreams): Promise<number> {
  return runCommand(words, systemWorld(platform, streams));
}

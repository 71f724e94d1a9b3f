/** Ours within one process: answers each command that its parent sends with its outcome (see WorkerRunner). */
import type { Effects } from "../../src/classic/effects.js";
import { runClassic } from "../../src/classic/run.js";
import { runRestore, runSave } from "../../src/classic/scripts.js";
import { openSocket } from "../../src/netlink/socket-node.js";
import { OutputStreams } from "../../src/process.js";
import { nodeSystemCalls } from "../../src/runtime/node.js";
import { type Platform, systemEffects } from "../../src/system.js";
import type { Command, Outcome } from "./command.js";

const platform: Platform = { calls: nodeSystemCalls, openSocket: async (protocol) => openSocket(protocol) };

async function run({ program = "ipvsadm", args, stdin = "" }: Command): Promise<Outcome> {
  const written = { stdout: "", stderr: "" };
  const effects: Effects = {
    ...systemEffects(platform, new OutputStreams(platform.calls)),
    output: (text) => {
      written.stdout += typeof text === "string" ? text : Buffer.from(text).toString("latin1");
    },
    error: (text) => {
      written.stderr += text;
    },
    input: pieces(stdin),
  };
  const words = args.map((word) => Buffer.from(word, "utf8").toString("latin1"));
  const status = await {
    ipvsadm: () => runClassic(program, words, effects),
    "ipvsadm-save": () => runSave(words, effects),
    "ipvsadm-restore": () => runRestore(effects),
  }[program]();
  return { status, ...written };
}

/** Standard input in pieces of an odd size, so that lines fall apart between them. */
async function* pieces(text: string): AsyncIterable<Uint8Array> {
  const bytes = Buffer.from(text, "latin1");
  for (let at = 0; at < bytes.length; at += 97) yield bytes.subarray(at, at + 97);
}

process.on("message", (command: Command) => {
  run(command).then(
    (outcome) => process.send?.(outcome),
    (error: unknown) => process.send?.({ status: -1, stdout: "", stderr: `exception: ${(error as Error).stack}` }),
  );
});

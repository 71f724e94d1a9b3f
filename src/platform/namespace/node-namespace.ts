/** Another network namespace on Node, which has no setns(2): nsenter(1) starts the program again in it. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import { decodeUtf8, encodeLatin1 } from "../../bytes/bytes.js";
import { errnoOf, strerror } from "../errno.js";
import { exit } from "../process.js";
import { type SystemCalls, SystemError } from "../system-calls.js";
import { isOwnNamespace } from "./own-namespace.js";

const nsenterProgram = "/usr/bin/nsenter";

/** Signals that are passed on. Those of a terminal and of timeout(1) get to both processes: see `catchInterrupts`. */
const passedOn = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"] as const;

/**
 * See Platform.enterNetworkNamespace. Where this process is in another namespace, the program runs once more in a process of
 * its own, with the same arguments and streams, and this one ends as that one does.
 */
export async function enterByNode(path: string, calls: SystemCalls): Promise<void> {
  if (await isOwnNamespace(path)) return;
  await checkFile(path, calls);
  const args = process.argv.slice(1);
  if (args.some((arg) => arg.includes("\ufffd"))) {
    throw new Error("on Node, a command line with --netns must be UTF-8; the standalone executable takes any bytes");
  }
  const option = `--net=${decodeUtf8(encodeLatin1(path))}`;
  await checkEntry(option);
  const { spawn } = await import("node:child_process");
  const words = [option, "--", process.execPath, ...process.execArgv, ...args];
  const child = spawn(nsenterProgram, words, { stdio: "inherit" });
  for (const signal of passedOn) process.on(signal, () => child.kill(signal));
  await endAs(child);
}

/** Throws a SystemError where the namespace cannot be entered, and an Error where there is no nsenter. */
async function checkEntry(option: string): Promise<void> {
  const { spawnSync } = await import("node:child_process");
  // A program that is there for certain, and that does nothing.
  const { error, status, stderr } = spawnSync(nsenterProgram, [option, "--", nsenterProgram, "--version"], {
    env: { LC_ALL: "C" },
    encoding: "utf8",
  });
  if (error !== undefined) {
    throw new Error(`${nsenterProgram} cannot be run; on Node --netns needs it, from the package util-linux`);
  }
  if (status === 0) return;
  for (const code of ["EPERM", "EINVAL"] as const) {
    if (stderr.includes(strerror(errnoOf(code)))) throw new SystemError(errnoOf(code));
  }
  throw new Error(stderr.trim() || `${nsenterProgram} ended with exit status ${status}`);
}

/** Opens the file as nsenter will, but only a regular file, as those of namespaces are: opening a FIFO would wait. */
async function checkFile(path: string, calls: SystemCalls): Promise<void> {
  const { stat } = await import("node:fs/promises");
  const found = await stat(Buffer.from(path, "latin1")).catch(() => undefined);
  if (found !== undefined && !found.isFile()) throw new SystemError(errnoOf("EINVAL"));
  calls.close(calls.open(path));
}

/** Ends this process with the exit status of the other one, or by the signal that ended it. */
async function endAs(child: ChildProcess): Promise<never> {
  const [status, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  if (signal === null) return exit(status ?? 1);
  const listener = () => {};
  // Without a listener the default action is done, also for SIGPIPE, which Node ignores otherwise.
  process.on(signal, listener);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  return exit(128 + constants.signals[signal]);
}

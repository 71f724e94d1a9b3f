import { systemNames } from "../names/system-names.js";
import { systemClock } from "../platform/clock.js";
import { environment, outputIsTerminal } from "../platform/process.js";
import { readFile } from "../platform/read-file.js";
import { StandardError, StandardOutput, standardInput } from "../platform/streams.js";
import { type SystemCalls, SystemError } from "../platform/system-calls.js";
import { ProcFiles } from "../proc/proc-files.js";
import type { Host, StateFolders } from "./host.js";
import { openKernel } from "./open-kernel.js";
import type { Platform } from "./platform.js";
import { systemState } from "./system-state.js";
import { isSmartTerminal } from "./terminal-abilities.js";

/** The host of the running system; `stdout` has to be flushed at the end. */
export interface SystemHost extends Host {
  readonly stdout: StandardOutput;
}

/** Where Linux keeps state. */
const systemFolders: StateFolders = { run: "/run/ipvsadm", lib: "/var/lib/ipvsadm" };

export function systemHost(platform: Platform, stateFolders = systemFolders): SystemHost {
  const { calls } = platform;
  const stdout = new StandardOutput(calls);
  const stderr = new StandardError(calls, stdout);
  const log = (line: string) => stderr.writeText(`${line}\n`);
  return {
    stdout,
    stderr,
    get stdin() {
      return standardInput(calls);
    },
    get env() {
      return environment();
    },
    clock: systemClock,
    resolver: { ...systemNames(platform.loadHosts, (path) => readIfPossible(calls, path)), ...platform.services },
    proc: new ProcFiles(calls),
    terminal: {
      isOutput: outputIsTerminal,
      async open(events) {
        const { Terminal } = await import("../platform/terminal.js");
        const terminal = new Terminal(events);
        terminal.open();
        return terminal;
      },
      isInput: async () => (await import("../platform/prompt.js")).inputIsTerminal(),
      isError: async () => (await import("../platform/prompt.js")).errorIsTerminal(),
      async progress() {
        const { errorIsTerminal, errorWidth } = await import("../platform/prompt.js");
        const { noProgress, ProgressLine } = await import("./progress-line.js");
        if (!isSmartTerminal(environment()) || !errorIsTerminal()) return noProgress;
        return new ProgressLine(systemClock, { writeText: (text) => stderr.writeText(text), width: errorWidth });
      },
      confirm: async (question, signal) => (await import("../platform/prompt.js")).askToConfirm(question, signal),
    },
    keepSmall: async () => (await platform.loadMemoryKeeper?.())?.() ?? (() => {}),
    async enterNetworkNamespace(path) {
      try {
        await platform.enterNetworkNamespace(path);
        return undefined;
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        return { code: error instanceof SystemError ? error.code : "", reason: error.message };
      }
    },
    ...systemState(platform, stateFolders),
    interfaceAddresses: async (name) => (await import("./network.js")).readInterfaceAddresses(platform, name),
    openNetwork: async () => (await import("./network.js")).openNetwork(platform),
    log,
    openKernel: (options) => openKernel(platform, options, log),
    listenHttp: async (endpoint, handle) =>
      (await import("../platform/network/http-server.js")).serveHttp(endpoint, handle),
  };
}

/** The text of a file, or "" where it cannot be read, as for libc. */
function readIfPossible(calls: SystemCalls, path: string): string {
  try {
    return readFile(calls, path);
  } catch (error) {
    if (error instanceof SystemError) return "";
    throw error;
  }
}

import { exitStatus } from "../../cli/exit-status.js";
import type { Host } from "../../host/host.js";
import type { IpvsClient } from "../../ipvs/client.js";
import { IpvsError } from "../../ipvs/ipvs-error.js";
import { mayHaveNamespace, takeNamespace } from "../grammar/namespace-option.js";
import { OptionReader } from "../grammar/tokenize.js";

/**
 * Runs one command line of the old grammar and returns its exit status. Like the C program, reports an unreachable kernel
 * before any command-line error. Unlike it, `--help` and `--version` work without the kernel. Everything else is imported
 * only after the connection succeeds.
 */
export async function runClassic(programName: string, args: readonly string[], host: Host): Promise<number> {
  if (!mayHaveNamespace(args)) return runHere(programName, args, host);
  const take = () => {
    const taken = takeNamespace(args);
    // Help and the version are the same everywhere.
    return readInformation(taken.args) === undefined ? taken : { ...taken, namespace: undefined };
  };
  const { runInNamespace } = await import("./in-namespace.js");
  return runInNamespace(take, host, (rest) => runHere(programName, rest, host));
}

/** Runs a command line in the network namespace of this process. */
async function runHere(programName: string, args: readonly string[], host: Host): Promise<number> {
  const information = readInformation(args);
  if (information !== undefined) {
    const { renderInformation } = await import("../grammar/usage.js");
    host.stdout.write(renderInformation(information, programName));
    return exitStatus.success;
  }
  if (args.includes("--test")) {
    const { asksForTest, testRestore } = await import("../restore/test-restore.js");
    if (await asksForTest(programName, args, host)) return testRestore("add", host);
  }
  if (args.some((arg) => /^--(?:unprivileged|proc(?:=.*)?)$/s.test(arg))) {
    const { runUnprivileged } = await import("./unprivileged.js");
    const status = await runUnprivileged(programName, args, host);
    if (status !== undefined) return status;
  }
  return withClient(host, async (client) => {
    const { runCommandLine } = await import("./command-line.js");
    return runCommandLine(programName, args, client, host);
  });
}

/** The command of a line that asks for help or the version. */
function readInformation(args: readonly string[]): "help" | "version" | undefined {
  const first = new OptionReader(args).next();
  if (typeof first !== "object" || !("command" in first.definition)) return undefined;
  const { command } = first.definition;
  return command === "help" || command === "version" ? command : undefined;
}

/** Uses a connection to the kernel and returns the exit status; reports a kernel that cannot be reached. */
export async function withClient(host: Host, use: (client: IpvsClient) => Promise<number>): Promise<number> {
  const client = await host.openKernel({ loadModule: true }).catch(asRefusal);
  if (client instanceof IpvsError) {
    host.stderr.write(`Can't initialize ipvs: ${client.message}\n`);
    host.stderr.write("Are you sure that IP Virtual Server is built in the kernel or as module?\n");
    return exitStatus.noKernel;
  }
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

function asRefusal(error: unknown): IpvsError {
  if (error instanceof IpvsError) return error;
  throw error;
}

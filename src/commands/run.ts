import type { Command } from "@oclif/core/command";
import { Config } from "@oclif/core/config";
import { CLIError } from "@oclif/core/errors";
import { CommandHelp } from "@oclif/core/help";
import { exitStatus } from "../cli/exit-status.js";
import { programName, programVersion } from "../cli/program-name.js";
import { UsageError } from "../cli/usage-error.js";
import type { Host } from "../host/host.js";
import { IpvsError } from "../ipvs/ipvs-error.js";
import { renderUsageLine } from "./help/usage-line.js";
import { statusOfError } from "./output/error-status.js";
import { StoppedError } from "./output/stopped-error.js";
import { flagsOf, helpWord, type Verb, verbs } from "./registry.js";

/** Runs a verb and returns its exit status. `args` begin with its name, or with `help`. */
export async function runVerb(args: readonly string[], host: Host): Promise<number> {
  try {
    const status = await tryVerb(args, host);
    finishOutput(host);
    return status;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const message = `ipvsadm ${args[0]}: ${error.message}\n`;
    // What repeats arguments is a byte string, as these are.
    if (error instanceof UsageError || error instanceof CLIError) host.stderr.write(message);
    else host.stderr.writeText(message);
    const refusal = error instanceof StoppedError ? error.cause : error;
    if (refusal instanceof IpvsError) {
      const explanation = (await import("../explain/explain.js")).explainRefusal(refusal);
      if (explanation !== undefined) host.stderr.writeText(`${explanation}\n`);
    }
    discardFailure(host);
    return statusOfError(error);
  }
}

/** Writes what is left. Throws where that cannot be written, so that nobody takes half an output for the whole. */
function finishOutput({ stdout }: Host): void {
  stdout.writeText("");
}

/** An earlier error is what counts, whether or not the rest of the output can be written. */
function discardFailure(host: Host): void {
  try {
    finishOutput(host);
  } catch {}
}

async function tryVerb(args: readonly string[], host: Host): Promise<number> {
  const [first, ...rest] = args;
  const asksForHelp = first === helpWord;
  const name = asksForHelp ? rest[0] : first;
  if (name === undefined || name.startsWith("-")) {
    host.stdout.writeText(renderOverview());
    return exitStatus.success;
  }
  const verb = verbs.find((known) => known.name === name);
  if (verb === undefined) {
    const { findNearest } = await import("../model/input/nearest-name.js");
    const nearest = findNearest(
      name,
      verbs.map((known) => known.name),
    );
    const advice = nearest === undefined ? "Run 'ipvsadm help' for the list." : `Did you mean '${nearest}'?`;
    host.stderr.write(`ipvsadm: unknown command '${name}'\n${advice}\n`);
    return exitStatus.usage;
  }
  const config = new ProgramConfig();
  if (asksForHelp || isHelpAsked(rest)) {
    host.stdout.writeText(`${await renderVerbHelp(verb, config)}\n`);
    return exitStatus.success;
  }
  const VerbCommand = await verb.load();
  try {
    return (await new VerbCommand(rest, config, host).start()) ?? exitStatus.success;
  } catch (error) {
    if (!(error instanceof CLIError)) throw error;
    throw (await import("./help/slips.js")).adviseOn(error, name, Object.keys(flagsOf(VerbCommand)));
  }
}

/**
 * What oclif wants to know of the program. It is never asked to load its configuration: that looks for plugins, manifests
 * and a theme in folders of the user's.
 */
class ProgramConfig extends Config {
  constructor() {
    const pjson = {
      name: programName,
      version: programVersion,
      oclif: { bin: programName, topicSeparator: " " as const },
    };
    super({ root: "/", pjson });
    Object.assign(this, {
      pjson,
      name: programName,
      bin: programName,
      version: programVersion,
      topicSeparator: " ",
      platform: "linux",
    });
  }

  /** There are no plugins, and so no hooks. */
  override async runHook(): Promise<{ failures: never[]; successes: never[] }> {
    return { failures: [], successes: [] };
  }
}

function isHelpAsked(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.slice(0, end < 0 ? args.length : end).some((arg) => arg === "--help" || arg === "-h");
}

async function renderVerbHelp({ name, summary, load }: Verb, config: Config): Promise<string> {
  const command = await load();
  // oclif asks its own loader for a command; only its static fields are used here.
  const loadable = {
    ...command,
    flags: flagsOf(command),
    id: name,
    summary,
    usage: command.usage ?? renderUsageLine(flagsOf(command), command.args),
    load: async () => command,
  } as unknown as Command.Loadable;
  return new CommandHelp(loadable, config, { maxWidth: 100, stripAnsi: true }).generate();
}

/** Every verb on a line of its own. */
function renderOverview(): string {
  const width = Math.max(...verbs.map(({ name }) => name.length));
  const lines = verbs.map(({ name, summary }) => `  ${name.padEnd(width)} ${summary}`);
  return [
    "Commands besides the options of ipvsadm(8), which `ipvsadm --help` lists:",
    "",
    ...lines,
    "",
    "Run `ipvsadm COMMAND --help` for details.",
    "",
  ].join("\n");
}

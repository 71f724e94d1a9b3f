import type { Command } from "@oclif/core/command";
import { Config } from "@oclif/core/config";
import { CLIError } from "@oclif/core/errors";
import { CommandHelp } from "@oclif/core/help";
import { UsageError } from "../classic/usage-error.js";
import { commands } from "./index.js";
import type { World } from "./world.js";

const success = 0;
const usageFault = 2;

/** Runs a command of oclif's kind and returns its exit status. `words` begin with its name, or with `help`. */
export async function runCommand(words: readonly string[], world: World): Promise<number> {
  const [first, ...rest] = words;
  const asksForHelp = first === "help";
  const name = asksForHelp ? rest[0] : first;
  const config = await loadConfig();
  if (name === undefined || name.startsWith("-")) {
    world.output(renderOverview());
    return success;
  }
  const command = Object.entries(commands).find(([known]) => known === name)?.[1];
  if (command === undefined) {
    world.error(`ipvsadm: there is no command ${name}; "ipvsadm help" lists them\n`);
    return usageFault;
  }
  if (asksForHelp || isHelpAsked(rest)) {
    world.output(`${renderHelp(name, command, config)}\n`);
    return success;
  }
  try {
    await new command(rest, config, world).start();
    return success;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    world.error(`ipvsadm ${name}: ${error.message}\n`);
    return isUsageError(error) ? usageFault : 1;
  }
}

/** Nothing but the program's name: no plugins of the user are looked for, and no file is read. */
function loadConfig(): Promise<Config> {
  const pjson = { name: "ipvsadm", version: "1.31", oclif: { bin: "ipvsadm", topicSeparator: " " as const } };
  const root = "/nonexistent";
  return Config.load({ root, pjson, userPlugins: false, devPlugins: false, jitPlugins: false });
}

function isHelpAsked(words: readonly string[]): boolean {
  const end = words.indexOf("--");
  return words.slice(0, end < 0 ? words.length : end).includes("--help");
}

function renderHelp(name: string, command: (typeof commands)[keyof typeof commands], config: Config): string {
  const loadable = { ...command, id: name, load: async () => command } as unknown as Command.Loadable;
  return new CommandHelp(loadable, config, { maxWidth: 100, stripAnsi: true }).generate();
}

/** Every command in a line, and where the rest is told. */
function renderOverview(): string {
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary ?? ""}`);
  return [
    "Commands besides the options of ipvsadm(8), which `ipvsadm --help` lists:",
    "",
    ...lines,
    "",
    "`ipvsadm COMMAND --help` tells more of each.",
    "",
  ].join("\n");
}

function isUsageError(error: Error): boolean {
  return error instanceof UsageError || error instanceof CLIError;
}

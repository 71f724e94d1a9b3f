import { Command } from "@oclif/core/command";
import type { Config } from "@oclif/core/config";
import * as Flags from "@oclif/core/flags";
import type * as Interfaces from "@oclif/core/interfaces";
import { joinNetworkNamespace } from "../cli/network-namespace.js";
import type { Host } from "../host/host.js";

/** A verb that is handed what it may touch. */
export abstract class HostCommand extends Command {
  /** What every verb takes. */
  static override readonly baseFlags = {
    netns: Flags.string({
      summary: "Work in this network namespace: a name of `ip netns`, a file or pid:NUMBER.",
      helpValue: "NAME",
    }),
  };

  constructor(
    args: readonly string[],
    config: Config,
    protected readonly host: Host,
  ) {
    super([...args], config);
  }

  /**
   * Parses its arguments and does its work. Resolves to its exit status, or to undefined for success. Rejects with a usage
   * error of oclif, a UsageError or whatever went wrong.
   */
  start(): Promise<number | undefined> {
    return this._run<number | undefined>();
  }

  /** Parses the arguments, which is the first thing that a verb does, and enters the network namespace that they name. */
  protected override async parse<
    Values extends Record<string, unknown>,
    BaseValues extends Record<string, unknown>,
    Words extends Record<string, unknown>,
  >(
    declared?: Interfaces.Input<Values, BaseValues, Words>,
    argv?: string[],
  ): Promise<Interfaces.ParserOutput<Values, BaseValues, Words>> {
    const parsed = await super.parse<Values, BaseValues, Words>(declared, argv);
    const { netns } = parsed.flags as { readonly netns?: string };
    if (netns !== undefined) await joinNetworkNamespace(netns, this.host);
    return parsed;
  }

  protected override async catch(error: Error): Promise<never> {
    throw error;
  }
}

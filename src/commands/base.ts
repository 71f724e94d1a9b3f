import { Command } from "@oclif/core/command";
import type { Config } from "@oclif/core/config";
import type { Host } from "../host/host.js";

/** A verb that is handed what it may touch. */
export abstract class HostCommand extends Command {
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

  protected override async catch(error: Error): Promise<never> {
    throw error;
  }
}

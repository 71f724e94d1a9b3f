import { Command } from "@oclif/core/command";
import type { Config } from "@oclif/core/config";
import type { World } from "./world.js";

/** A command that is handed what it may touch. */
export abstract class WorldCommand extends Command {
  constructor(
    words: readonly string[],
    config: Config,
    protected readonly world: World,
  ) {
    super([...words], config);
  }

  /** Parses its words and does its work. Rejects with a usage error of oclif, a UsageError or whatever went wrong. */
  start(): Promise<unknown> {
    return this._run();
  }

  protected override async catch(error: Error): Promise<never> {
    throw error;
  }
}

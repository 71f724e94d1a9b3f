import * as Flags from "@oclif/core/flags";
import { UsageError } from "../../cli/usage-error.js";
import { rampCurves } from "../../drain/ramp-steps.js";
import { HostCommand } from "../base.js";
import { changeFlags, parseWait } from "../flags/change-flags.js";
import { parseDuration } from "../flags/durations.js";
import { requireServerTarget, selectorText, serverFlags } from "../flags/server-flags.js";
import { serviceFlags } from "../flags/service-flags.js";
import { parseWeight } from "../flags/weights.js";
import { rampPause, runRamp } from "./run-ramp.js";

export class RampWeights extends HostCommand {
  static override readonly description =
    "Changes the weight of a server little by little, so that it is not flooded. The weight is held against files meanwhile. " +
    "It ends where somebody else gives the server a weight. Interrupted, it leaves the weight where it is.";
  static override readonly examples = [
    {
      description: "From a tenth to 100 in five minutes",
      command: "ipvsadm ramp -t 192.0.2.10:80 -r 10.0.0.1 --to 100 --over 5m",
    },
    {
      description: "Away from a server, slowly",
      command: "ipvsadm ramp --server 10.0.0.1 --to 1 --over 1h --every 1m --curve exponential",
    },
  ];
  static override readonly flags = {
    ...serviceFlags,
    ...serverFlags,
    to: Flags.string({ summary: "The last weight, at least 1.", helpValue: "NUMBER", required: true }),
    from: Flags.string({
      summary: "The first weight. By default it is the present one, or a tenth of the last one where that is 0.",
      helpValue: "NUMBER",
    }),
    over: Flags.string({ summary: "How long it takes: 90s, 15m, 2h, or seconds.", helpValue: "TIME", required: true }),
    every: Flags.string({
      summary: "The time between two steps. By default a twentieth of the whole, at least a second.",
      helpValue: "TIME",
    }),
    curve: Flags.option({ options: rampCurves })({
      summary: "By as much at every step, or by the same factor.",
      default: "linear" as const,
    }),
    wait: changeFlags.wait,
    "undo-folder": changeFlags["undo-folder"],
    json: Flags.boolean({ summary: "Print one JSON object per line for each event." }),
  };

  async run(): Promise<number> {
    const { flags } = await this.parse(RampWeights);
    const target = await requireServerTarget(flags, this.host.resolver);
    const over = parseDuration("--over", flags.over);
    const every = flags.every === undefined ? undefined : parseDuration("--every", flags.every);
    if (every !== undefined && every >= over) throw new UsageError("--every has to be less than --over");
    return runRamp(
      this.host,
      { verb: "ramp", selector: selectorText(flags), isJson: flags.json },
      {
        target,
        to: parseWeight("--to", flags.to),
        from: flags.from === undefined ? undefined : parseWeight("--from", flags.from),
        over,
        every: rampPause(over, every),
        curve: flags.curve,
        wait: parseWait(flags.wait),
        undoFolder: flags["undo-folder"],
      },
    );
  }
}

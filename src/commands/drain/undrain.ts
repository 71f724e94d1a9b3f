import * as Flags from "@oclif/core/flags";
import { undrainServers } from "../../drain/undrain-servers.js";
import { HostCommand } from "../base.js";
import { listFirst, printLines, printResult } from "../changes/print-plan.js";
import { changeFlags, parseWait } from "../flags/change-flags.js";
import { parseDuration } from "../flags/durations.js";
import { requireServerTarget, selectorText, serverFlags } from "../flags/server-flags.js";
import { serviceFlags } from "../flags/service-flags.js";
import { parseWeight } from "../flags/weights.js";
import { printOutcome } from "../output/outcome-output.js";
import { explainServerError } from "../output/server-failure.js";
import { rampPause, runRamp } from "./run-ramp.js";

export class Undrain extends HostCommand {
  static override readonly description =
    "Brings a server back: gives it the weight that it had before `ipvsadm drain`, `ramp` or `set --hold`, and holds it no " +
    "more. A fallback flag that came with the drain goes.";
  static override readonly examples = [
    { description: "A machine in all services", command: "ipvsadm undrain --server 10.0.0.1" },
    { description: "Not flooded at once", command: "ipvsadm undrain --server 10.0.0.1 --over 5m" },
    { description: "With another weight", command: "ipvsadm undrain -t 192.0.2.10:80 -r 10.0.0.1 --weight 5" },
  ];
  static override readonly flags = {
    ...serviceFlags,
    ...serverFlags,
    weight: Flags.string({ summary: "This weight, instead of the one before.", helpValue: "NUMBER" }),
    over: Flags.string({
      summary: "Raise the weight little by little in this TIME: 90s, 15m, or seconds.",
      helpValue: "TIME",
    }),
    wait: changeFlags.wait,
    "undo-folder": changeFlags["undo-folder"],
    json: Flags.boolean({
      summary: "Print one JSON document, or with --over one JSON object per line for each event.",
    }),
  };

  async run(): Promise<number | undefined> {
    const { flags } = await this.parse(Undrain);
    const target = await requireServerTarget(flags, this.host.resolver);
    const weight = flags.weight === undefined ? undefined : parseWeight("--weight", flags.weight);
    const wait = parseWait(flags.wait);
    if (flags.over !== undefined) {
      const over = parseDuration("--over", flags.over);
      const request = { target, to: weight, over, every: rampPause(over, undefined), curve: "linear", wait } as const;
      const style = { verb: "undrain", selector: selectorText(flags), isJson: flags.json };
      return runRamp(this.host, style, { ...request, undoFolder: flags["undo-folder"] });
    }
    const client = await this.host.openKernel({ loadModule: true });
    const signal = await this.host.interrupt();
    try {
      const request = { target, weight, wait, undoFolder: flags["undo-folder"], signal };
      const { servers, changes, undo } = await undrainServers(this.host, client, request);
      const lines = servers.map(({ name, weight: now }) => `${name}: weight ${now}`);
      const back = undo === undefined ? "" : `\nto go back: ipvsadm undo ${undo}`;
      await printOutcome(this.host, `${listFirst(lines)}${back}`, async () => {
        if (!flags.json) return printLines(lines, this.host);
        const result = { command: "undrain", takenAt: new Date(this.host.clock.now()), undo, changes, remaining: [] };
        await printResult({ ...result, outcome: changes.length === 0 ? "unchanged" : "done" }, this.host);
      });
      return undefined;
    } catch (error) {
      throw explainServerError(error, signal);
    } finally {
      client.close();
    }
  }
}

import * as Flags from "@oclif/core/flags";
import { exitStatus } from "../cli/exit-status.js";
import { UsageError } from "../cli/usage-error.js";
import { VerbError } from "../cli/verb-error.js";
import type { IpvsClient } from "../ipvs/client.js";
import type { DesiredState } from "../model/desired.js";
import { isEmpty } from "../plan/plan.js";
import { type Prepared, prepareDesired } from "../transaction/prepare.js";
import { ChangeCommand } from "./changes/change-command.js";
import { changeFlags } from "./flags/change-flags.js";
import { onlyFlag, selectionFlags, toPlanSelection, warnOfUnmet } from "./flags/plan-flags.js";

export class Flush extends ChangeCommand {
  static override readonly description =
    "Deletes services, all of them or those that are selected, and saves them for `ipvsadm undo` first. It asks on a " +
    "terminal; without one it needs --yes. Clients are refused from then on. An undo brings the services back, but neither " +
    "their counters nor connections that ended meanwhile. (`ipvsadm -C` asks nothing and saves nothing.)";
  static override readonly examples = [
    { description: "The services of one address", command: "ipvsadm flush --only 192.0.2.10" },
    { description: "In a script", command: "ipvsadm flush --yes" },
  ];
  static override readonly flags = {
    ...selectionFlags,
    only: onlyFlag("Delete only these services. Can be repeated."),
    yes: Flags.boolean({ char: "y", summary: "Do not ask." }),
    ...changeFlags,
  };
  protected readonly verb = "flush";
  protected override readonly warns = false;

  async run(): Promise<void> {
    const { flags } = await this.parse(Flush);
    const selection = await toPlanSelection(flags, this.host);
    let isFirst = true;
    const prepare = async (client: IpvsClient) => {
      const prepared = await prepareDesired(client, { services: [] }, selection.options);
      if (isFirst) warnOfUnmet(selection, this.verb, "the table", this.host);
      isFirst = false;
      return prepared;
    };
    let agreed = Number.POSITIVE_INFINITY;
    await this.change(flags, prepare, {
      ask: async (client) => {
        if (flags.yes) return;
        const prepared = await prepare(client);
        if (isEmpty(prepared.plan)) return;
        await this.#ask(prepared);
        agreed = prepared.plan.services.length;
      },
      check: async ({ plan }) => {
        if (plan.services.length <= agreed) return;
        throw new VerbError("more services came while you were asked", exitStatus.changedMeanwhile);
      },
    });
  }

  async #ask({ plan }: Prepared): Promise<void> {
    const answer = await this.host.terminal.confirm(
      `Delete ${describeLoss(plan.before)}?`,
      await this.host.interrupt(),
    );
    if (answer === undefined) {
      throw new UsageError("there is no terminal to ask on\nuse --yes to flush without a question");
    }
    if (!answer) throw new VerbError("nothing was deleted", exitStatus.failure);
  }
}

/** `2 services with 10 servers and 31 active connections`. */
function describeLoss({ services = [] }: DesiredState): string {
  const servers = services.flatMap(({ destinations }) => destinations);
  const active = servers.reduce(
    (sum, server) => sum + ("activeConnections" in server ? Number(server.activeConnections) : 0),
    0,
  );
  const count = (number: number, one: string) => `${number} ${one}${number === 1 ? "" : "s"}`;
  return `${count(services.length, "service")} with ${count(servers.length, "server")} and ${count(active, "active connection")}`;
}

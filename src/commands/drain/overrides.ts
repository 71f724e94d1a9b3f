import * as Flags from "@oclif/core/flags";
import { exitStatus } from "../../cli/exit-status.js";
import { outputJsonStyle } from "../../cli/json-output.js";
import { parseServiceKey } from "../../cli/service-key.js";
import { VerbError } from "../../cli/verb-error.js";
import { renderOverrides } from "../../format/json/changes/override-document.js";
import { describeOverride } from "../../format/text/plan/override-lines.js";
import type { IpvsClient } from "../../ipvs/client.js";
import { readSelected } from "../../ipvs/read-table.js";
import type { DesiredState } from "../../model/desired.js";
import { destinationIdentity, serviceIdentity } from "../../model/identity.js";
import { type Override, overrideIdentity } from "../../model/override.js";
import { overridesOf, standingOverrides, withoutOverrides } from "../../plan/overrides.js";
import { makePlan } from "../../plan/plan.js";
import { changeTable } from "../../transaction/change-table.js";
import { OverrideStore } from "../../transaction/override-store.js";
import { HostCommand } from "../base.js";
import { listFirst, printLines } from "../changes/print-plan.js";
import { changeFlags, parseWait } from "../flags/change-flags.js";
import { parseServerTarget, serverFlags } from "../flags/server-flags.js";
import { selectedService, serviceFlags } from "../flags/service-flags.js";
import { printOutcome } from "../output/outcome-output.js";

type Choose = (overrides: readonly Override[]) => readonly Override[];

export class Overrides extends HostCommand {
  static override readonly description =
    "Lists the weights that `ipvsadm drain`, `ramp` and `set --hold` hold, since when and why. `ipvsadm apply` leaves them as " +
    "they are. `ipvsadm undrain` gives them back. With --clear they are only forgotten: weights stay until the next change.";
  static override readonly examples = [
    { description: "Which weights are held, and why", command: "ipvsadm overrides" },
    { description: "Forget those of one machine", command: "ipvsadm overrides --clear --server 10.0.0.1" },
  ];
  static override readonly flags = {
    ...serviceFlags,
    ...serverFlags,
    clear: Flags.boolean({ summary: "Forget them, and leave the weights as they are." }),
    wait: changeFlags.wait,
    json: Flags.boolean({ summary: "Print one JSON document.", exclusive: ["clear"] }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Overrides);
    const selector = selectedService(flags);
    const service = selector && (await parseServiceKey(selector, this.host.resolver));
    const target = await parseServerTarget(service, flags, this.host.resolver);
    const choose: Choose = (overrides) => {
      if (target !== undefined) return overridesOf(overrides, target);
      const name = service && serviceIdentity(service);
      return overrides.filter((one) => name === undefined || serviceIdentity(one.service) === name);
    };
    const client = await this.host.openKernel({ loadModule: false });
    try {
      if (flags.clear) await this.#clear(client, choose, parseWait(flags.wait));
      else await this.#list(client, choose, flags.json);
    } finally {
      client.close();
    }
  }

  async #list(client: IpvsClient, choose: Choose, isJson: boolean): Promise<void> {
    const overrides = choose(await (await OverrideStore.open(this.host)).read());
    const current = await readHeld(client, overrides);
    const standing = standingOverrides(overrides, current, true);
    if (isJson) {
      for (const piece of renderOverrides(standing, await outputJsonStyle(this.host))) this.host.stdout.write(piece);
      return;
    }
    const weights = new Map(
      (current.services ?? []).flatMap(({ service, destinations }) =>
        destinations.map((destination) => [overrideIdentity({ service, destination }), destination.weight]),
      ),
    );
    const lines = standing.map((override) => {
      const weight = weights.get(overrideIdentity(override));
      return `${describeOverride(override)}${weight === override.weight ? "" : ` (the table has ${weight})`}`;
    });
    if (lines.length > 0) printLines(lines, this.host);
  }

  async #clear(client: IpvsClient, choose: Choose, wait: number): Promise<void> {
    let cleared: readonly Override[] = [];
    const prepare = async (_: IpvsClient, overrides: readonly Override[]) => ({
      plan: makePlan({}, {}),
      current: await readHeld(client, overrides),
      services: 0,
      moved: [],
      isWhole: true,
    });
    const release: Choose = (overrides) => {
      cleared = choose(overrides);
      return withoutOverrides(overrides, cleared);
    };
    await changeTable(this.host, client, prepare, { command: "overrides", wait, release });
    if (cleared.length === 0) throw new VerbError("no weight of these is held", exitStatus.refused);
    const forgotten = cleared.map(
      ({ service, destination, weight }) =>
        `${destinationIdentity(destination)} of ${serviceIdentity(service)} keeps weight ${weight}, which is held no more`,
    );
    await printOutcome(this.host, listFirst(forgotten), () => printLines(forgotten, this.host));
  }
}

async function readHeld(client: IpvsClient, overrides: readonly Override[]): Promise<DesiredState> {
  const services = new Map(overrides.map(({ service }) => [serviceIdentity(service), service]));
  return { services: await readSelected(client, [...services.values()]) };
}

import * as Flags from "@oclif/core/flags";
import { parseAssignment } from "../cli/assignments.js";
import { exitStatus } from "../cli/exit-status.js";
import { parseServiceKey } from "../cli/service-key.js";
import { UsageError } from "../cli/usage-error.js";
import { VerbError } from "../cli/verb-error.js";
import type { Assignment } from "../format/json/changes/assign-fields.js";
import type { IpvsClient } from "../ipvs/client.js";
import type { PlannedChange } from "../model/changes/plan.js";
import type { Override } from "../model/override.js";
import { isInRange } from "../model/selection/address-range.js";
import type { ServerTarget } from "../model/selection/server-target.js";
import type { ServiceKey } from "../model/table.js";
import { heldAgainst } from "../plan/overrides.js";
import { describeMissing } from "../transaction/missing-target.js";
import { type PreparedSettings, prepareSettings, type SettingTarget } from "../transaction/prepare-settings.js";
import { WeightHold } from "../transaction/weight-hold.js";
import { ChangeCommand } from "./changes/change-command.js";
import { listChanges, listHeld } from "./changes/print-plan.js";
import { changeFlags } from "./flags/change-flags.js";
import { parseReason } from "./flags/reason.js";
import { parseServerTarget, serverFlags } from "./flags/server-flags.js";
import { selectedService, serviceFlags } from "./flags/service-flags.js";

const timeoutsPrefix = "timeouts.";

export class SetFields extends ChangeCommand {
  static override readonly description =
    "Sets fields of a service, of its servers, or of one server in all services, and leaves every other setting as it is. " +
    "(`ipvsadm -E` and `-e` reset what is left out.) The fields are those of the JSON document: weight, forward, " +
    "upper_threshold, lower_threshold, tunnel.type and so on of a server; scheduler, sched_flags, persistent.timeout, ops " +
    "and so on of a service; timeouts.tcp, timeouts.tcp_fin and timeouts.udp without a service. A number can be relative: " +
    "+5, -5, 50%, *100. A list takes += and -=. persistent=off and the like remove what may be absent.";
  static override readonly examples = [
    { description: "One server", command: "ipvsadm set -t 192.0.2.10:80 -r 10.0.0.1:80 weight=5" },
    { description: "A machine in all services", command: "ipvsadm set --server 10.0.0.1 weight=50%" },
    { description: "A flag of a scheduler", command: "ipvsadm set -t 192.0.2.10:80 sched_flags+=sh-fallback" },
    {
      description: "Only if nobody changed it meanwhile",
      command: "ipvsadm set -t 192.0.2.10:80 -r 10.0.0.1:80 --expect weight=5 weight=3",
    },
  ];
  static override readonly strict = false;
  static override readonly usage = "set [SERVICE] [-r SERVER | --server ADDRESS] FIELD=VALUE... [FLAGS]";
  static override readonly flags = {
    ...serviceFlags,
    ...serverFlags,
    expect: Flags.string({
      summary: "Change nothing unless this holds before. Can be repeated.",
      helpValue: "FIELD=VALUE",
      multiple: true,
      multipleNonGreedy: true,
    }),
    force: Flags.boolean({ summary: "Set a weight of 0 even where clients are refused then." }),
    hold: Flags.string({
      summary: "Hold the weight against files, until `ipvsadm undrain`; REASON is shown to others.",
      helpValue: "REASON",
    }),
    "no-overrides": Flags.boolean({
      summary: "Set weights that a drain, a ramp or somebody holds, which ends that.",
      exclusive: ["hold"],
    }),
    ...changeFlags,
  };
  protected readonly verb = "set";
  protected override readonly showsChanges = true;

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(SetFields);
    const service = selectedService(flags);
    const key = service && (await parseServiceKey(service, this.host.resolver));
    const [assignments, expected] = [argv.map(String), flags.expect ?? []].map((texts) => texts.map(parseAssignment));
    if (assignments === undefined || expected === undefined || assignments.length === 0) {
      throw new UsageError("no FIELD=VALUE is given");
    }
    for (const given of [assignments, expected]) refuseRepetition(given);
    const servers = await parseServerTarget(key, flags, this.host.resolver);
    const target = findTarget(key, servers, assignments);
    const isTimeouts = target.object === "timeouts";
    const request = {
      target,
      assignments: isTimeouts ? assignments.map(withoutPrefix) : assignments,
      expected: isTimeouts ? expected.map(withoutPrefix) : expected,
    };
    const hold =
      flags.hold === undefined ? undefined : new WeightHold(parseReason("--hold", flags.hold), this.host.clock.now());
    if (hold !== undefined && !isWeightOf(target, assignments)) {
      throw new UsageError("--hold holds weights: it needs a server and weight=NUMBER");
    }
    const prepare = async (client: IpvsClient) => {
      const prepared = await prepareSettings(client, request);
      if (prepared.hits === 0) {
        throw new VerbError(await describeMissing(client, { service: key, range: servers?.range }), exitStatus.refused);
      }
      refuseUnexpected(prepared);
      hold?.see(prepared, target);
      return prepared;
    };
    await this.change(flags, prepare, {
      check: async (_, changes, overrides) => {
        if (!flags.force) refuseHarm(changes);
        if (!flags["no-overrides"]) refuseHeld(changes, overrides, hold !== undefined);
      },
      claim: hold && ((overrides) => hold.claim(overrides)),
    });
  }
}

function findTarget(
  service: ServiceKey | undefined,
  servers: ServerTarget | undefined,
  assignments: readonly Assignment[],
): SettingTarget {
  if (servers !== undefined) {
    return { object: "destination", service, isChosen: (destination) => isInRange(servers.range, destination) };
  }
  if (service !== undefined) return { object: "service", service };
  if (assignments.every(({ field }) => field.startsWith(timeoutsPrefix))) return { object: "timeouts" };
  throw new UsageError("no service and no server is given; only timeouts.FIELD goes without");
}

/** A second value of a field is a mistake; adding to a list twice is not. */
function refuseRepetition(assignments: readonly Assignment[]): void {
  const seen = new Set<string>();
  for (const { field, operator } of assignments) {
    if (operator === "=" && seen.has(field)) throw new UsageError(`${field} is given twice`);
    seen.add(field);
  }
}

function withoutPrefix({ field, ...rest }: Assignment): Assignment {
  return { field: field.startsWith(timeoutsPrefix) ? field.slice(timeoutsPrefix.length) : field, ...rest };
}

function refuseUnexpected({ unexpected }: PreparedSettings): void {
  if (unexpected.length === 0) return;
  throw new VerbError(`--expect does not hold for ${unexpected.join(", ")}`, exitStatus.changedMeanwhile);
}

/** A weight of 0 by which clients are refused is a mistake more often than not. */
function refuseHarm(changes: readonly PlannedChange[]): void {
  const harmful = changes.filter(
    ({ object, costs }) => object === "destination" && costs.some(({ kind }) => kind === "refused"),
  );
  if (harmful.length === 0) return;
  throw new VerbError(
    `clients would be refused:\n${listChanges(harmful)}\nto do it anyway, use --force`,
    exitStatus.refused,
  );
}

function isWeightOf({ object }: SettingTarget, assignments: readonly Assignment[]): boolean {
  return object === "destination" && assignments.some(({ field }) => field === "weight");
}

/** A held weight is changed only on request. A hold may be replaced by another one. */
function refuseHeld(changes: readonly PlannedChange[], overrides: readonly Override[], isHold: boolean): void {
  const held = heldAgainst(overrides, changes).filter(({ kind }) => !isHold || kind !== "hold");
  if (held.length === 0) return;
  throw new VerbError(
    `held by somebody else:\n${listHeld(held)}\n\`ipvsadm undrain\` gives them back; to set them all the same, use --no-overrides`,
    exitStatus.refused,
  );
}

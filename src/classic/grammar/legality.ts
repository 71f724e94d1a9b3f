import { UsageError } from "../../cli/usage-error.js";
import { type CommandName, type OptionGroup, optionGroups } from "./options.js";

/** The options that go with a command or a tunnel type. All others are illegal. */
interface LegalOptions {
  readonly required?: readonly OptionGroup[];
  readonly allowed?: readonly OptionGroup[];
  /** At most one of these is allowed. */
  readonly exclusive?: readonly OptionGroup[];
}

const serviceRow: LegalOptions = {
  required: ["service-address"],
  allowed: ["scheduler", "persistent", "netmask", "ops", "pe", "sched-flags"],
};

const tunnelGroups: readonly OptionGroup[] = ["tun-type", "tun-port", "tun-nocsum", "tun-csum", "tun-remcsum"];

const serverRow: LegalOptions = {
  required: ["service-address", "real-server"],
  allowed: ["forwarding-method", "weight", "u-threshold", "l-threshold", ...tunnelGroups],
};

const listFormats: readonly OptionGroup[] = [
  "numeric",
  "stats",
  "rate",
  "thresholds",
  "persistent-conn",
  "nosort",
  "exact",
  "tun-info",
];

/** Command x option. */
export const commandRows: Readonly<Record<CommandName, LegalOptions>> = {
  "add-service": serviceRow,
  "edit-service": serviceRow,
  "delete-service": { required: ["service-address"] },
  flush: {},
  list: {
    allowed: [...listFormats, "syncid", "json", "unprivileged", "proc"],
    exclusive: ["connection", "service-address", "timeout", "daemon"],
  },
  "add-server": serverRow,
  "edit-server": serverRow,
  "delete-server": { required: ["service-address", "real-server"] },
  set: {},
  "start-daemon": { allowed: ["mcast-interface", "syncid", "mcast-group", "mcast-port", "mcast-ttl", "sync-maxlen"] },
  "stop-daemon": { allowed: ["syncid"] },
  restore: { allowed: ["test"] },
  save: { allowed: ["numeric", "json"] },
  zero: { allowed: ["service-address"] },
};

/** Tunnel type x option. */
export const tunnelRows = {
  ipip: { allowed: ["tun-type"] },
  gue: { required: ["tun-port"], allowed: ["tun-type"], exclusive: ["tun-nocsum", "tun-csum", "tun-remcsum"] },
  gre: { allowed: ["tun-type"], exclusive: ["tun-nocsum", "tun-csum"] },
} as const satisfies Readonly<Record<string, LegalOptions>>;

export function checkCommand(command: CommandName, given: ReadonlySet<OptionGroup>): void {
  checkRow(commandRows[command], optionGroups, given, `the '${command}' command`);
}

export function checkTunnel(type: keyof typeof tunnelRows, given: ReadonlySet<OptionGroup>): void {
  checkRow(tunnelRows[type], tunnelGroups, given, `the '${type}' tunnel type`);
}

/** Whether an option for tunnels is given. */
export function hasTunnelOption(given: ReadonlySet<OptionGroup>): boolean {
  return firstGiven(tunnelGroups, given) !== undefined;
}

/** The first of the groups that is given. */
export function firstGiven<Wanted extends OptionGroup>(
  groups: readonly Wanted[],
  given: ReadonlySet<OptionGroup>,
): Wanted | undefined {
  for (const group of groups) if (given.has(group)) return group;
  return undefined;
}

/** Throws for the first group, in the order of the columns, that the row does not allow. */
function checkRow(
  row: LegalOptions,
  columns: readonly OptionGroup[],
  given: ReadonlySet<OptionGroup>,
  whose: string,
): void {
  let chosen: OptionGroup | undefined;
  for (const group of columns) {
    if (!given.has(group)) {
      if (row.required?.includes(group)) {
        throw new UsageError(`You need to supply the '${group}' option for ${whose}`);
      }
    } else if (row.exclusive?.includes(group)) {
      if (chosen !== undefined) {
        throw new UsageError(`The option '${group}' conflicts with the '${chosen}' option in ${whose}`);
      }
      chosen = group;
    } else if (!row.required?.includes(group) && !row.allowed?.includes(group)) {
      throw new UsageError(`Illegal '${group}' option with ${whose}`);
    }
  }
}

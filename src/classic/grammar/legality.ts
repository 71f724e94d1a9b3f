import { UsageError } from "../../cli/usage-error.js";
import { type CommandName, type Slot, slots } from "./options.js";

/** What may stand beside a command or a tunnel type; what is not named is illegal. */
interface Row {
  readonly required?: readonly Slot[];
  readonly allowed?: readonly Slot[];
  /** Allowed, but one of them only. */
  readonly exclusive?: readonly Slot[];
}

const serviceRow: Row = {
  required: ["service-address"],
  allowed: ["scheduler", "persistent", "netmask", "ops", "pe", "sched-flags"],
};

const tunnelSlots: readonly Slot[] = ["tun-type", "tun-port", "tun-nocsum", "tun-csum", "tun-remcsum"];

const serverRow: Row = {
  required: ["service-address", "real-server"],
  allowed: ["forwarding-method", "weight", "u-threshold", "l-threshold", ...tunnelSlots],
};

const listFormats: readonly Slot[] = [
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
export const commandRows: Readonly<Record<CommandName, Row>> = {
  "add-service": serviceRow,
  "edit-service": serviceRow,
  "delete-service": { required: ["service-address"] },
  flush: {},
  list: {
    allowed: [...listFormats, "syncid", "json"],
    exclusive: ["connection", "service-address", "timeout", "daemon"],
  },
  "add-server": serverRow,
  "edit-server": serverRow,
  "delete-server": { required: ["service-address", "real-server"] },
  set: {},
  "start-daemon": { allowed: ["mcast-interface", "syncid", "mcast-group", "mcast-port", "mcast-ttl", "sync-maxlen"] },
  "stop-daemon": { allowed: ["syncid"] },
  restore: {},
  save: { allowed: ["numeric", "json"] },
  zero: { allowed: ["service-address"] },
};

/** Tunnel type x option. */
export const tunnelRows = {
  ipip: { allowed: ["tun-type"] },
  gue: { required: ["tun-port"], allowed: ["tun-type"], exclusive: ["tun-nocsum", "tun-csum", "tun-remcsum"] },
  gre: { allowed: ["tun-type"], exclusive: ["tun-nocsum", "tun-csum"] },
} as const satisfies Readonly<Record<string, Row>>;

export function checkCommand(command: CommandName, given: ReadonlySet<Slot>): void {
  checkRow(commandRows[command], slots, given, `the '${command}' command`);
}

export function checkTunnel(type: keyof typeof tunnelRows, given: ReadonlySet<Slot>): void {
  checkRow(tunnelRows[type], tunnelSlots, given, `the '${type}' tunnel type`);
}

/** Whether an option for tunnels is given. */
export function hasTunnelOption(given: ReadonlySet<Slot>): boolean {
  return firstGiven(tunnelSlots, given) !== undefined;
}

/** The first of the slots that is given. */
export function firstGiven<Wanted extends Slot>(
  slots: readonly Wanted[],
  given: ReadonlySet<Slot>,
): Wanted | undefined {
  for (const slot of slots) if (given.has(slot)) return slot;
  return undefined;
}

/** Throws for the first column, in their order, that does not fit the row. */
function checkRow(row: Row, columns: readonly Slot[], given: ReadonlySet<Slot>, whose: string): void {
  let chosen: Slot | undefined;
  for (const slot of columns) {
    if (!given.has(slot)) {
      if (row.required?.includes(slot)) {
        throw new UsageError(`You need to supply the '${slot}' option for ${whose}`);
      }
    } else if (row.exclusive?.includes(slot)) {
      if (chosen !== undefined) {
        throw new UsageError(`The option '${slot}' conflicts with the '${chosen}' option in ${whose}`);
      }
      chosen = slot;
    } else if (!row.required?.includes(slot) && !row.allowed?.includes(slot)) {
      throw new UsageError(`Illegal '${slot}' option with ${whose}`);
    }
  }
}

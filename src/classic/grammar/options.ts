/**
 * The words of the old grammar, declared once: parser, messages, completion and the manual's test derive from these tables.
 */

import { defaultPersistenceTimeout } from "../../model/defaults.js";

/** The choices a command line can make, by the names and in the order of ipvsadm's messages. */
export const slots = [
  "numeric",
  "connection",
  "service-address",
  "scheduler",
  "persistent",
  "netmask",
  "real-server",
  "forwarding-method",
  "weight",
  "u-threshold",
  "l-threshold",
  "mcast-interface",
  "timeout",
  "daemon",
  "stats",
  "rate",
  "thresholds",
  "persistent-conn",
  "nosort",
  "syncid",
  "exact",
  "ops",
  "pe",
  "sched-flags",
  "mcast-group",
  "mcast-port",
  "mcast-ttl",
  "sync-maxlen",
  "tun-info",
  "tun-type",
  "tun-port",
  "tun-nocsum",
  "tun-csum",
  "tun-remcsum",
  "json",
] as const;

export type Slot = (typeof slots)[number];

/** The commands that have rows in the table of legal options, by their names in messages. */
export type CommandName =
  | "add-service"
  | "edit-service"
  | "delete-service"
  | "flush"
  | "list"
  | "add-server"
  | "edit-server"
  | "delete-server"
  | "set"
  | "start-daemon"
  | "stop-daemon"
  | "restore"
  | "save"
  | "zero";

export type ArgumentKind = "none" | "required" | "optional";

interface Spelling {
  /** The long name, without dashes. */
  readonly name: string;
  /** The short names, one letter each, the usual one first; empty where there is none. */
  readonly letters: string;
  readonly argument: ArgumentKind;
  /** The value of an option whose argument is left out. */
  readonly defaultArgument?: string;
}

export interface CommandDefinition extends Spelling {
  readonly command: CommandName | "help" | "version";
}

export interface OptionDefinition extends Spelling {
  readonly name: OptionName;
  /** Options of one slot exclude each other and themselves. --sort and --ipv6 have none: they may be repeated. */
  readonly slot?: Slot;
}

export const commands: readonly CommandDefinition[] = [
  { command: "add-service", name: "add-service", letters: "A", argument: "none" },
  { command: "edit-service", name: "edit-service", letters: "E", argument: "none" },
  { command: "delete-service", name: "delete-service", letters: "D", argument: "none" },
  { command: "flush", name: "clear", letters: "C", argument: "none" },
  { command: "list", name: "list", letters: "Ll", argument: "none" },
  { command: "add-server", name: "add-server", letters: "a", argument: "none" },
  { command: "edit-server", name: "edit-server", letters: "e", argument: "none" },
  { command: "delete-server", name: "delete-server", letters: "d", argument: "none" },
  { command: "zero", name: "zero", letters: "Z", argument: "none" },
  { command: "set", name: "set", letters: "", argument: "none" },
  { command: "start-daemon", name: "start-daemon", letters: "", argument: "required" },
  { command: "stop-daemon", name: "stop-daemon", letters: "", argument: "required" },
  { command: "restore", name: "restore", letters: "R", argument: "none" },
  { command: "save", name: "save", letters: "S", argument: "none" },
  { command: "help", name: "help", letters: "h", argument: "none" },
  { command: "version", name: "version", letters: "v", argument: "none" },
];

const optionTable = [
  { name: "tcp-service", letters: "t", argument: "required", slot: "service-address" },
  { name: "udp-service", letters: "u", argument: "required", slot: "service-address" },
  { name: "sctp-service", letters: "", argument: "required", slot: "service-address" },
  { name: "fwmark-service", letters: "f", argument: "required", slot: "service-address" },
  { name: "ipv6", letters: "6", argument: "none" },
  { name: "scheduler", letters: "s", argument: "required", slot: "scheduler" },
  { name: "pe", letters: "", argument: "required", slot: "pe" },
  {
    name: "persistent",
    letters: "p",
    argument: "optional",
    defaultArgument: String(defaultPersistenceTimeout),
    slot: "persistent",
  },
  { name: "netmask", letters: "M", argument: "required", slot: "netmask" },
  { name: "sched-flags", letters: "b", argument: "required", slot: "sched-flags" },
  { name: "ops", letters: "o", argument: "none", slot: "ops" },
  { name: "real-server", letters: "r", argument: "required", slot: "real-server" },
  { name: "gatewaying", letters: "g", argument: "none", slot: "forwarding-method" },
  { name: "ipip", letters: "i", argument: "none", slot: "forwarding-method" },
  { name: "masquerading", letters: "m", argument: "none", slot: "forwarding-method" },
  { name: "tun-type", letters: "", argument: "required", slot: "tun-type" },
  { name: "tun-port", letters: "", argument: "required", slot: "tun-port" },
  { name: "tun-nocsum", letters: "", argument: "none", slot: "tun-nocsum" },
  { name: "tun-csum", letters: "", argument: "none", slot: "tun-csum" },
  { name: "tun-remcsum", letters: "", argument: "none", slot: "tun-remcsum" },
  { name: "weight", letters: "w", argument: "required", slot: "weight" },
  { name: "u-threshold", letters: "x", argument: "required", slot: "u-threshold" },
  { name: "l-threshold", letters: "y", argument: "required", slot: "l-threshold" },
  { name: "connection", letters: "c", argument: "none", slot: "connection" },
  { name: "timeout", letters: "", argument: "none", slot: "timeout" },
  { name: "daemon", letters: "", argument: "none", slot: "daemon" },
  { name: "stats", letters: "", argument: "none", slot: "stats" },
  { name: "rate", letters: "", argument: "none", slot: "rate" },
  { name: "exact", letters: "X", argument: "none", slot: "exact" },
  { name: "thresholds", letters: "", argument: "none", slot: "thresholds" },
  { name: "persistent-conn", letters: "", argument: "none", slot: "persistent-conn" },
  { name: "tun-info", letters: "", argument: "none", slot: "tun-info" },
  { name: "nosort", letters: "", argument: "none", slot: "nosort" },
  { name: "sort", letters: "", argument: "none" },
  { name: "numeric", letters: "n", argument: "none", slot: "numeric" },
  { name: "syncid", letters: "", argument: "required", slot: "syncid" },
  { name: "sync-maxlen", letters: "", argument: "required", slot: "sync-maxlen" },
  { name: "mcast-interface", letters: "", argument: "required", slot: "mcast-interface" },
  { name: "mcast-group", letters: "", argument: "required", slot: "mcast-group" },
  { name: "mcast-port", letters: "", argument: "required", slot: "mcast-port" },
  { name: "mcast-ttl", letters: "", argument: "required", slot: "mcast-ttl" },
  { name: "json", letters: "", argument: "none", slot: "json" },
] as const satisfies readonly (Spelling & { readonly slot?: Slot })[];

export type OptionName = (typeof optionTable)[number]["name"];

export const options: readonly OptionDefinition[] = optionTable;

/** A command or an option, as it can stand behind dashes. */
export type Definition = CommandDefinition | OptionDefinition;

export const findByName = remembered((definition, name) => definition.name === name);

export const findByLetter = remembered((definition, letter) => definition.letters.includes(letter));

/**
 * A search through commands and options that remembers what it found: a restore asks for the same few again and again, while a
 * single command should not pay for an index of all.
 */
function remembered(fits: (definition: Definition, spelling: string) => boolean) {
  const found = new Map<string, Definition>();
  return (spelling: string): Definition | undefined => {
    const known = found.get(spelling);
    if (known !== undefined) return known;
    for (const table of [commands, options]) {
      for (const definition of table) {
        if (!fits(definition, spelling)) continue;
        found.set(spelling, definition);
        return definition;
      }
    }
    return undefined;
  };
}

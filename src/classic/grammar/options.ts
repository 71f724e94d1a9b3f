/**
 * The commands and options of the old grammar, declared once. Parser, messages, completion and the test of the manual
 * page derive from these tables.
 */

import { defaultPersistenceTimeout } from "../../model/defaults.js";

/** Groups of options of which a command line takes one, named and ordered as in ipvsadm's messages. */
export const optionGroups = [
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
  "test",
  "unprivileged",
  "proc",
] as const;

export type OptionGroup = (typeof optionGroups)[number];

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
  /** Options of one group exclude each other and themselves. --sort, --ipv6 and --netns have none; the first two may be repeated. */
  readonly group?: OptionGroup;
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
  { name: "tcp-service", letters: "t", argument: "required", group: "service-address" },
  { name: "udp-service", letters: "u", argument: "required", group: "service-address" },
  { name: "sctp-service", letters: "", argument: "required", group: "service-address" },
  { name: "fwmark-service", letters: "f", argument: "required", group: "service-address" },
  { name: "ipv6", letters: "6", argument: "none" },
  { name: "scheduler", letters: "s", argument: "required", group: "scheduler" },
  { name: "pe", letters: "", argument: "required", group: "pe" },
  {
    name: "persistent",
    letters: "p",
    argument: "optional",
    defaultArgument: String(defaultPersistenceTimeout),
    group: "persistent",
  },
  { name: "netmask", letters: "M", argument: "required", group: "netmask" },
  { name: "sched-flags", letters: "b", argument: "required", group: "sched-flags" },
  { name: "ops", letters: "o", argument: "none", group: "ops" },
  { name: "real-server", letters: "r", argument: "required", group: "real-server" },
  { name: "gatewaying", letters: "g", argument: "none", group: "forwarding-method" },
  { name: "ipip", letters: "i", argument: "none", group: "forwarding-method" },
  { name: "masquerading", letters: "m", argument: "none", group: "forwarding-method" },
  { name: "tun-type", letters: "", argument: "required", group: "tun-type" },
  { name: "tun-port", letters: "", argument: "required", group: "tun-port" },
  { name: "tun-nocsum", letters: "", argument: "none", group: "tun-nocsum" },
  { name: "tun-csum", letters: "", argument: "none", group: "tun-csum" },
  { name: "tun-remcsum", letters: "", argument: "none", group: "tun-remcsum" },
  { name: "weight", letters: "w", argument: "required", group: "weight" },
  { name: "u-threshold", letters: "x", argument: "required", group: "u-threshold" },
  { name: "l-threshold", letters: "y", argument: "required", group: "l-threshold" },
  { name: "connection", letters: "c", argument: "none", group: "connection" },
  { name: "timeout", letters: "", argument: "none", group: "timeout" },
  { name: "daemon", letters: "", argument: "none", group: "daemon" },
  { name: "stats", letters: "", argument: "none", group: "stats" },
  { name: "rate", letters: "", argument: "none", group: "rate" },
  { name: "exact", letters: "X", argument: "none", group: "exact" },
  { name: "thresholds", letters: "", argument: "none", group: "thresholds" },
  { name: "persistent-conn", letters: "", argument: "none", group: "persistent-conn" },
  { name: "tun-info", letters: "", argument: "none", group: "tun-info" },
  { name: "nosort", letters: "", argument: "none", group: "nosort" },
  { name: "sort", letters: "", argument: "none" },
  { name: "numeric", letters: "n", argument: "none", group: "numeric" },
  { name: "syncid", letters: "", argument: "required", group: "syncid" },
  { name: "sync-maxlen", letters: "", argument: "required", group: "sync-maxlen" },
  { name: "mcast-interface", letters: "", argument: "required", group: "mcast-interface" },
  { name: "mcast-group", letters: "", argument: "required", group: "mcast-group" },
  { name: "mcast-port", letters: "", argument: "required", group: "mcast-port" },
  { name: "mcast-ttl", letters: "", argument: "required", group: "mcast-ttl" },
  { name: "json", letters: "", argument: "none", group: "json" },
  { name: "test", letters: "", argument: "none", group: "test" },
  { name: "unprivileged", letters: "", argument: "none", group: "unprivileged" },
  { name: "proc", letters: "", argument: "required", group: "proc" },
  // It applies to a whole command line, from which takeNamespace takes it before the other options are read.
  { name: "netns", letters: "", argument: "required" },
] as const satisfies readonly (Spelling & { readonly group?: OptionGroup })[];

export type OptionName = (typeof optionTable)[number]["name"];

export const options: readonly OptionDefinition[] = optionTable;

/** A command or an option: anything that follows dashes. */
export type Definition = CommandDefinition | OptionDefinition;

export const findByName = memoized((definition, name) => definition.name === name);

export const findByLetter = memoized((definition, letter) => definition.letters.includes(letter));

/**
 * A search through commands and options that remembers its results. A restore repeats the same few look-ups, while a
 * single command should not pay for an index.
 */
function memoized(fits: (definition: Definition, spelling: string) => boolean) {
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

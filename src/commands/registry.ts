import type { Command } from "@oclif/core/command";
import type { Config } from "@oclif/core/config";
import type { Host } from "../host/host.js";
import type { HostCommand } from "./base.js";

/** The class of a verb, with oclif's declarations of its flags. */
export interface VerbClass
  extends Pick<typeof Command, "flags" | "baseFlags" | "args" | "description" | "examples" | "usage"> {
  new (args: readonly string[], config: Config, host: Host): HostCommand;
}

/** A verb: a first argument without a dash, which is none of ipvsadm's own grammar. */
export interface Verb {
  readonly name: string;
  /** One line, for the list of verbs, its help, completion and manual page. */
  readonly summary: string;
  /** Its class. Every start reads this table, so nothing of a verb is loaded before it is run. */
  load(): Promise<VerbClass>;
}

/** Every verb, once: help, completion and the manual's test derive from this table. */
export const verbs: readonly Verb[] = [
  {
    name: "apply",
    summary: "Make the table what a file says, with the least harm to clients",
    load: async () => (await import("./apply.js")).Apply,
  },
  {
    name: "diff",
    summary: "Show what apply would change, and what that costs clients",
    load: async () => (await import("./diff.js")).Diff,
  },
  {
    name: "drain",
    summary: "Take a server out, and wait until its connections are over",
    load: async () => (await import("./drain/drain.js")).Drain,
  },
  {
    name: "flush",
    summary: "Delete services, saved for undo",
    load: async () => (await import("./flush.js")).Flush,
  },
  {
    name: "overrides",
    summary: "List the weights that are held against files",
    load: async () => (await import("./drain/overrides.js")).Overrides,
  },
  {
    name: "ramp",
    summary: "Change the weight of a server little by little",
    load: async () => (await import("./drain/ramp.js")).RampWeights,
  },
  {
    name: "set",
    summary: "Set single fields of services and servers",
    load: async () => (await import("./set.js")).SetFields,
  },
  {
    name: "undrain",
    summary: "Bring a drained server back",
    load: async () => (await import("./drain/undrain.js")).Undrain,
  },
  {
    name: "undo",
    summary: "Take back what a command changed",
    load: async () => (await import("./undo.js")).Undo,
  },
  {
    name: "doctor",
    summary: "Find what keeps a director or real server from working",
    load: async () => (await import("./doctor.js")).Doctor,
  },
  {
    name: "watch",
    summary: "Watch the IPVS table and its load live",
    load: async () => (await import("./watch.js")).Watch,
  },
  {
    name: "connections",
    summary: "Find, count and follow connections",
    load: async () => (await import("./connections.js")).Connections,
  },
  {
    name: "metrics",
    summary: "Expose the table to Prometheus",
    load: async () => (await import("./observe/metrics.js")).Metrics,
  },
  {
    name: "explain",
    summary: "Explain why the kernel refuses an operation",
    load: async () => (await import("./observe/explain.js")).Explain,
  },
];

/** Every flag of a verb, by name: its own, and those of all verbs. */
export function flagsOf({ flags, baseFlags }: Pick<VerbClass, "flags" | "baseFlags">): VerbClass["flags"] {
  return { ...flags, ...baseFlags };
}

/** The word that lists the verbs, or describes one. */
export const helpWord = "help";

export function isVerb(word: string | undefined): boolean {
  return word === helpWord || verbs.some(({ name }) => name === word);
}

import type { ForwardingMethod } from "../model/table.js";
import type { Evidence } from "./evidence.js";
import type { Role } from "./facts.js";
import type { Problem, Severity } from "./finding.js";

/** One thing that can be wrong. Help, the reference page and what is read derive from it. */
export interface Check {
  readonly id: string;
  /** What is wrong, on one line. */
  readonly title: string;
  /** Of most findings; one can have another. */
  readonly severity: Severity;
  readonly role: Role;
  /** The forwarding methods that it concerns. */
  readonly methods: readonly ForwardingMethod[];
  /**
   * What is read: absolute paths of files, or words for the rest. `*` within a path stands for `all` and for each interface
   * that has an address or is virtual.
   */
  readonly reads: readonly string[];
  /** When it is wrong. */
  readonly rule: string;
  readonly why: string;
  /** What to do, in words. */
  readonly remedy: string;
  /** Where the rule comes from. */
  readonly source: string;
  /** Throws an Unread where something could not be read. */
  readonly find: (evidence: Evidence) => Iterable<Problem>;
}

export const allMethods: readonly ForwardingMethod[] = ["masq", "route", "tunnel"];

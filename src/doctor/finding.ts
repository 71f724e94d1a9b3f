/** How bad a finding is, the worst first. */
export const severities = ["error", "warning", "hint"] as const;
/** How bad a finding is: an `error` stops traffic, a `warning` will, or stops some of it, a `hint` may be intended. */
export type Severity = (typeof severities)[number];

/** Something that is wrong with a director or real server, or that could not be examined. */
export interface Finding {
  /** The check that found it. */
  readonly id: string;
  /** `unknown`: the check could not read what it needs. */
  readonly severity: Severity | "unknown";
  /** The service, server, interface or setting that it is about; empty for what is unknown. */
  readonly object: string;
  /** What was read, with its value, or why it could not be read. */
  readonly read: string;
  /** Why it matters. */
  readonly why: string;
  /** What to do, where no command can say it. */
  readonly advice?: string;
  /** Shell commands that fix it on this machine, in their order. */
  readonly commands: readonly string[];
}

/** What a check found, before what all of its findings have in common is added. */
export interface Problem {
  readonly object: string;
  readonly read: string;
  /** Where it differs from the check's. */
  readonly severity?: Severity;
  /** Where it differs from the check's. */
  readonly advice?: string;
  readonly commands?: readonly string[];
}

/** One command line and what the original did with it, as golden.jsonl holds it. */
export interface GoldenRow {
  readonly args: readonly string[];
  /** Command lines that were run before, on an empty table. */
  readonly setup?: readonly (readonly string[])[];
  readonly stdin?: string;
  /** The exit status; null for a crash. */
  readonly status: number | null;
  readonly stdout?: string;
  readonly stderr?: string;
  /** What `-Sn`, `-Ln --thresholds`, `-L --timeout` and `-L --daemon` printed afterwards, where the command changed it. */
  readonly save?: string;
  readonly thresholds?: string;
  readonly timeouts?: string;
  readonly daemons?: string;
}

/** A command line that ipvsadm refuses. */
export class UsageError extends Error {
  constructor(
    /** What goes to stderr, without the final newline. */
    message: string,
    readonly status: 2 | 255 = 2,
    /** Whether a restore ends at this line; faults of an option itself (popt's) only spoil their line. */
    readonly endsRestore: boolean = true,
  ) {
    super(message);
    this.name = "UsageError";
  }
}

/** For `catch`: the fault of the command line; every other error goes on. */
export function asUsageError(error: unknown): UsageError {
  if (error instanceof UsageError) return error;
  throw error;
}

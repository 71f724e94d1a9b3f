import { exitStatus } from "./exit-status.js";

/** A command line that is refused. */
export class UsageError extends Error {
  constructor(
    /** What goes to stderr, without the final newline: a byte string, as the arguments that it repeats are. */
    message: string,
    readonly status: number = exitStatus.usage,
  ) {
    super(message);
    this.name = "UsageError";
  }
}

/** For `catch`: the usage error; every other error is thrown again. */
export function asUsageError(error: unknown): UsageError {
  if (error instanceof UsageError) return error;
  throw error;
}

import type { exitStatus } from "./exit-status.js";

/** A verb did not do what it was asked to; `message` is what the user sees, as Unicode text. */
export class VerbError extends Error {
  constructor(
    message: string,
    readonly status: (typeof exitStatus)[
      | "failure"
      | "refused"
      | "halfDone"
      | "deadline"
      | "changedMeanwhile"
      | "unreachable"],
  ) {
    super(message);
    this.name = "VerbError";
  }
}

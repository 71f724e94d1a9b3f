/** Who has a lock, as far as its file says. */
export interface LockHolder {
  readonly command: string;
  readonly process: number;
  /** In seconds. */
  readonly held: number;
}

/** Another command held the lock for as long as this one was to wait. */
export class LockError extends Error {
  constructor(
    readonly holder: LockHolder | undefined,
    /** Seconds of waiting. */
    waited: number,
  ) {
    const who = holder && `: '${holder.command}' (process ${holder.process}) since ${holder.held} s`;
    const what =
      waited > 0 ? `another command still holds the lock after ${waited} s` : "another command holds the lock";
    super(`${what}${who ?? ""}; use --wait TIME to wait${waited > 0 ? " longer" : ""}`);
    this.name = "LockError";
  }
}

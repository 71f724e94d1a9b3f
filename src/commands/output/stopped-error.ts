/** A verb that works for some time was ended by an error, which is the cause; `state` is what it leaves, and what to do. */
export class StoppedError extends Error {
  constructor(
    override readonly cause: Error,
    state: string,
  ) {
    super(`${cause.message}\n${state}`, { cause });
    this.name = "StoppedError";
  }
}

/** Contract: what the client rejects with. `operation x errno -> sentence` table and strerror live here. */

/** The operation that failed, for the sentence its errno gets. */
export type Operation =
  | "initialize"
  | "get services"
  | "get service"
  | "get destinations"
  | "add service"
  | "edit service"
  | "delete service"
  | "zero"
  | "flush"
  | "add destination"
  | "edit destination"
  | "delete destination"
  | "get timeouts"
  | "set timeouts"
  | "get daemons"
  | "start daemon"
  | "stop daemon";

/** A refusal by the kernel (or by the way to it), in the words of ipvsadm: `message` is what the user sees. */
export class IpvsError extends Error {
  constructor(
    readonly operation: Operation,
    /** Positive errno. */
    readonly errno: number,
    message: string,
  ) {
    super(message);
    this.name = "IpvsError";
  }
}

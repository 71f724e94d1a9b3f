/** A document that cannot be taken: `message` is what the user sees, with the place in it. */
export class DocumentError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "DocumentError";
  }
}

/** A fault of the value at `path`, such as `services[3].destinations[0].weight`. */
export function faultAt(path: string, fault: string): DocumentError {
  return new DocumentError(path === "" ? fault : `${path}: ${fault}`);
}

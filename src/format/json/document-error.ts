/** A document that cannot be taken: `message` is what the user sees, with the place in it. */
export class DocumentError extends Error {
  /** Where the fault is, such as `services[3].destinations[0].weight`; empty for the document as a whole and its syntax. */
  readonly path: string;

  constructor(
    /** What is wrong, without the place. */
    readonly fault: string,
    path = "",
    /** Where the document is, and the line in it: `web.yaml: line 3: `. */
    place = "",
  ) {
    super(`${place}${path === "" ? "" : `${path}: `}${fault}`);
    this.name = "DocumentError";
    this.path = path;
  }
}

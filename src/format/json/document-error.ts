/** A name or an index of a path. */
const pathParts = /\.?(\w+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/g;

/** The names and indexes of a path, such as those of `services[3].destinations[0].weight` and `["a b"]`. */
export function splitPath(path: string): (string | number)[] {
  return Array.from(path.matchAll(pathParts), ([, name, index, quoted]) => {
    if (index !== undefined) return Number(index);
    return quoted === undefined ? (name ?? "") : unquote(quoted);
  });
}

/** A name in quotes; as it stands where it was cut for a message. */
function unquote(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    return text;
  }
}

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

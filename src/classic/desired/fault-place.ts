/** Where a fault of a file is, which is looked for only when there is one. */
import { decodeUtf8, encodeLatin1 } from "../../bytes/bytes.js";
import { DocumentError, splitPath } from "../../format/json/document-error.js";
import { decodeDocument, findPlace } from "../../format/json/parse-json.js";

/** The same error with the name of the file, a byte string, and the line. */
export function inFile({ fault, path }: DocumentError, name?: string, line?: number): DocumentError {
  const file = name === undefined ? "" : `${decodeUtf8(encodeLatin1(name))}:${fault.includes("\n") ? "\n" : " "}`;
  return new DocumentError(fault, path, `${file}${line === undefined ? "" : `line ${line}: `}`);
}

/** The same error of a document in JSON that was parsed already, with the name of the file and the line of the path. */
export function inJsonFile(error: DocumentError, bytes: Uint8Array, name?: string): DocumentError {
  if (error.path === "") return inFile(error, name);
  const text = decodeDocument(bytes);
  return inFile(error, name, findPlace(text, locateInJson(text, error.path)).line);
}

/** Where JSON text without faults has a path. Of a path that is not there to its end, it is the place of what is there. */
function locateInJson(text: string, path: string): number {
  const walk = new JsonWalk(text);
  let place = walk.position;
  for (const part of splitPath(path)) {
    const found = typeof part === "number" ? walk.enterItem(part) : walk.enterMember(part);
    if (found === undefined) break;
    place = found;
  }
  return place;
}

/** Goes from value to value in JSON text without faults. */
class JsonWalk {
  /** Where the present value begins. */
  position = 0;

  constructor(private readonly text: string) {
    this.#skipBlanks();
  }

  /** Goes into a list, to an item; returns where that begins, or undefined where there is none. */
  enterItem(index: number): number | undefined {
    if (!this.#enter("[")) return undefined;
    for (let passed = 0; passed < index; passed++) {
      this.#skipValue();
      if (!this.#takes(",")) return undefined;
    }
    return this.position;
  }

  /** Goes into an object, to the value of a member; returns where the member begins, likewise. */
  enterMember(name: string): number | undefined {
    if (!this.#enter("{")) return undefined;
    do {
      const start = this.position;
      this.#skipValue();
      const key = JSON.parse(this.text.slice(start, this.position)) as string;
      this.#takes(":");
      if (key === name) return start;
      this.#skipValue();
    } while (this.#takes(","));
    return undefined;
  }

  /** Goes into a list or an object that is not empty. */
  #enter(bracket: string): boolean {
    return this.#takes(bracket) && !/[\]}]/.test(this.text[this.position] ?? "");
  }

  /** Passes a value, with what is nested in it. */
  #skipValue(): void {
    const token = /[[\]{},]|"(?:[^"\\]|\\.)*"|[^\s[\]{},:"]+/g;
    let depth = 0;
    do {
      token.lastIndex = this.position;
      const [found = ""] = token.exec(this.text) ?? [];
      if (found === "") return;
      this.position = token.lastIndex;
      if (found === "[" || found === "{") depth++;
      if (found === "]" || found === "}") depth--;
    } while (depth > 0);
  }

  #takes(character: string): boolean {
    this.#skipBlanks();
    if (this.text[this.position] !== character) return false;
    this.position++;
    this.#skipBlanks();
    return true;
  }

  #skipBlanks(): void {
    const blanks = /[ \t\r\n]*/y;
    blanks.lastIndex = this.position;
    blanks.exec(this.text);
    this.position = blanks.lastIndex;
  }
}

import { isAlias, isMap, isScalar, isSeq, type Node } from "yaml";
import { splitPath } from "../json/document-error.js";

/**
 * Where the contents of a document have a path, as a position in its text. Of a path that is not there to its end, such as that
 * of a missing field, it is the place of what is there. Undefined where the contents have no positions.
 */
export function locatePath(contents: Node | null, path: string): number | undefined {
  let node: unknown = contents;
  let position = contents?.range?.[0];
  for (const part of splitPath(path)) {
    let found: { readonly at: unknown; readonly value: unknown } | undefined;
    if (isSeq(node) && typeof part === "number") {
      const item = node.items[part];
      found = item === undefined ? undefined : { at: item, value: item };
    } else if (isMap(node) && typeof part === "string") {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === part);
      found = pair && { at: pair.key, value: pair.value };
    }
    if (found === undefined) break;
    position = (found.at as Node).range?.[0] ?? position;
    node = found.value;
    // What an alias stands for is written elsewhere.
    if (isAlias(node)) break;
  }
  return position;
}

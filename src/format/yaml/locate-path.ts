import { isAlias, isMap, isScalar, isSeq, type Node } from "yaml";

/** A name or an index of a path, such as those of `services[3].destinations[0].weight` and `["a b"]`. */
const pathParts = /\.?(\w+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/g;

/**
 * Where the contents of a document have a path, as a position in its text. Of a path that is not there to its end, such as that
 * of a missing field, it is the place of what is there. Undefined where the contents have no positions.
 */
export function locatePath(contents: Node | null, path: string): number | undefined {
  let node: unknown = contents;
  let position = contents?.range?.[0];
  for (const [, name, index, quoted] of path.matchAll(pathParts)) {
    let found: { readonly at: unknown; readonly value: unknown } | undefined;
    if (isSeq(node) && index !== undefined) {
      const item = node.items[Number(index)];
      found = item === undefined ? undefined : { at: item, value: item };
    } else if (isMap(node) && index === undefined) {
      const wanted = quoted === undefined ? name : unquote(quoted);
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === wanted);
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

function unquote(text: string): string | undefined {
  try {
    return JSON.parse(text) as string;
  } catch {
    return undefined;
  }
}

import { type Alias, isAlias, isMap, isScalar, type ParsedNode, type Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import type { DocumentError } from "../json/document-error.js";
import {
  documentLimits,
  duplicateKey,
  faultAt,
  type JsonObject,
  type JsonValue,
  limitFaults,
  quote,
} from "../json/parse-json.js";
import { parsePlainValue, tooLongNumber } from "./plain-value.js";

/** What an anchor names: a value, how many values it is with those in it, and how deep they are nested. */
interface Anchored {
  readonly value: JsonValue;
  readonly values: number;
  readonly depth: number;
}

/**
 * Values that aliases may add. Every service of a large table can have an alias of its servers, and a bomb of a few bytes costs
 * a second.
 */
const mostByAliases = 2_000_000;

/** Reads the nodes of one document into JSON values, from its beginning to its end. Throws a DocumentError with the place. */
export class NodeReader {
  #values = 0;
  #byAliases = 0;
  /** The greatest depth since it was last set. */
  #deepest = 0;
  /** Undefined stands for a value that is not read to its end yet. */
  readonly #anchors = new Map<string, Anchored | undefined>();

  constructor(private readonly text: string) {}

  /** The package leaves out a node where nothing is written, such as after a key that has no colon. */
  read(node: ParsedNode | null, depth = 0, position = 0): JsonValue {
    if (node === null) {
      this.#count(1, depth, position);
      return null;
    }
    if (isAlias(node)) return this.#readAlias(node, depth);
    this.#count(1, depth, node.range[0]);
    if (node.anchor === undefined) return this.#readContents(node, depth);
    const [deepest, values] = [this.#deepest, this.#values - 1];
    this.#anchors.set(node.anchor, undefined);
    this.#deepest = depth;
    const value = this.#readContents(node, depth);
    this.#anchors.set(node.anchor, { value, values: this.#values - values, depth: this.#deepest - depth });
    this.#deepest = Math.max(deepest, this.#deepest);
    return value;
  }

  #readContents(node: Scalar.Parsed | YAMLMap.Parsed | YAMLSeq.Parsed, depth: number): JsonValue {
    if (node.tag !== undefined) throw this.#fault(node.range[0], "tags are not supported");
    if (isScalar(node)) return this.#readScalar(node);
    if (isMap(node)) return this.#readMap(node, depth);
    return node.items.map((item) => this.read(item, depth + 1, node.range[0]));
  }

  #readScalar({ type, value, range: [start] }: Scalar.Parsed): JsonValue {
    // The package's schema has only text.
    const text = String(value);
    const plain = type === "PLAIN" ? parsePlainValue(text) : text;
    if (plain === tooLongNumber) throw this.#fault(start, limitFaults.numberLength);
    return plain;
  }

  #readMap({ items, range }: YAMLMap.Parsed, depth: number): JsonObject {
    const object: Record<string, JsonValue> = Object.create(null);
    for (const [index, { key, value }] of items.entries()) {
      const start = key.range?.[0] ?? range[0];
      if (index >= documentLimits.members) throw this.#fault(start, limitFaults.members);
      const name = isScalar(key) ? this.#readKey(key) : undefined;
      if (typeof name !== "string") throw this.#fault(start, "a key must be text: put it in quotes");
      if (name in object) throw this.#fault(start, duplicateKey(name));
      object[name] = this.read(value, depth + 1, start);
    }
    return object;
  }

  /** A key is no value of the document, but it may have an anchor. */
  #readKey(node: Scalar.Parsed): JsonValue {
    const value = this.#readContents(node, 0);
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, { value, values: 1, depth: 0 });
    return value;
  }

  /** The value is the same one and no copy, since nobody changes what is read here. */
  #readAlias({ source, range: [start] }: Alias.Parsed, depth: number): JsonValue {
    const anchored = this.#anchors.get(source);
    if (anchored !== undefined) {
      this.#byAliases += anchored.values;
      if (this.#byAliases > mostByAliases) throw this.#fault(start, `more than ${mostByAliases} values by aliases`);
      this.#count(anchored.values, depth + anchored.depth, start);
      return anchored.value;
    }
    const name = quote(source);
    if (this.#anchors.has(source)) throw this.#fault(start, `the alias ${name} is part of what it stands for`);
    throw this.#fault(start, `no anchor ${name} before this alias`);
  }

  #count(values: number, depth: number, position: number): void {
    if (depth > documentLimits.depth) throw this.#fault(position, limitFaults.depth);
    this.#deepest = Math.max(this.#deepest, depth);
    this.#values += values;
    if (this.#values > documentLimits.values) throw this.#fault(position, limitFaults.values);
  }

  #fault(position: number, fault: string): DocumentError {
    return faultAt(this.text, position, fault);
  }
}

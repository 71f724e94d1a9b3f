import { DocumentError } from "../../format/json/document-error.js";
import { fromDocument } from "../../format/json/from-document.js";
import { parseJsonBytes, withoutMark } from "../../format/json/parse-json.js";
import { readDocumentBytes } from "../../format/json/read-document.js";
import type { DesiredState } from "../../model/desired.js";
import type { NameResolver } from "../../names/resolver.js";
import { forgetVariables } from "../../platform/process.js";
import { inFile, inJsonFile } from "./fault-place.js";
import { isListing, recognizeForm } from "./input-form.js";
import { rulesToDesired } from "./rules-to-desired.js";

export interface DesiredSource {
  /** The name of the file, whose ending may say its form: .json, .yaml or .yml. */
  readonly name?: string | undefined;
  /** For the names of hosts and ports in rules. */
  readonly resolver: NameResolver;
}

/**
 * Reads a desired state from JSON, YAML, or lines of `ipvsadm -S`, and checks it whole. Rejects with a DocumentError
 * whose message has every mistake of lines on a line of its own, or the first fault of a document. Input without contents is
 * a fault, since an empty table is more likely to be a file that was cut off.
 */
export async function readDesired(
  chunks: AsyncIterable<Uint8Array>,
  { name, resolver }: DesiredSource,
): Promise<DesiredState> {
  const bytes = await readDocumentBytes(chunks);
  try {
    return await parseDesired(bytes, name, resolver);
  } catch (error) {
    throw error instanceof DocumentError ? await located(error, bytes, name) : error;
  }
}

async function parseDesired(
  bytes: Uint8Array,
  name: string | undefined,
  resolver: NameResolver,
): Promise<DesiredState> {
  if (isListing(bytes)) {
    throw new DocumentError(
      "a listing of `ipvsadm -L`, which lacks settings; `ipvsadm-save -n` writes what can be read",
    );
  }
  switch (recognizeForm(bytes, name)) {
    case undefined:
      throw new DocumentError("the input is empty");
    case "json":
      return fromDocument(parseJsonBytes(bytes));
    case "yaml": {
      const { parseYaml } = await loadYaml();
      return fromDocument(parseYaml(bytes));
    }
    case "rules":
      return rulesToDesired(withoutMark(bytes), resolver);
  }
}

/** The same error with its place. Faults of syntax and of rules have their lines already. */
async function located(error: DocumentError, bytes: Uint8Array, name: string | undefined): Promise<DocumentError> {
  if (error.path === "") return inFile(error, name);
  if (recognizeForm(bytes, name) === "json") return inJsonFile(error, bytes, name);
  const { lineOfYamlPath } = await loadYaml();
  return inFile(error, name, lineOfYamlPath(bytes, error.path));
}

/** The package `yaml` prints what it reads on standard output where one of these is set, amid what a verb prints. */
const debugVariables = ["LOG_STREAM", "LOG_TOKENS"];

async function loadYaml() {
  forgetVariables(debugVariables);
  return import("../../format/yaml/parse-yaml.js");
}

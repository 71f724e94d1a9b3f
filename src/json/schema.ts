import { document } from "./document.js";
import type { JsonObject } from "./parse.js";

/** The document's JSON Schema. */
export const documentSchema: JsonObject = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: "urn:ipvsadm:document:1",
  description:
    "What ipvsadm --json prints and ipvsadm --restore reads. Fields that are readOnly are measured by the kernel.",
  ...document.schema,
};

// Writes what derives from the declarations of the JSON document and of the events: schemas, and the tables of reference pages.
import { readFileSync, writeFileSync } from "node:fs";
import { compactStyle } from "../dist/format/json/json-style.js";
import {
  renderConnectionEventReference,
  renderEventReference,
  renderReference,
} from "../dist/format/json/reference.js";
import { renderValue } from "../dist/format/json/render-json.js";
import { connectionEventSchema, documentSchema, eventSchema } from "../dist/format/json/schema.js";

const place = (path) => new URL(`../${path}`, import.meta.url);

function writeSchema(name, schema) {
  writeFileSync(place(`schema/${name}.schema.json`), `${renderValue(schema, { ...compactStyle, indent: 2 })}\n`);
}

const mark = "<!-- Generated from here on: npm run generate -->\n";

function writeTables(path, lines) {
  const [head] = readFileSync(place(path), "utf8").split(mark);
  writeFileSync(place(path), `${head}${mark}\n${[...lines].join("\n")}`);
}

writeSchema("ipvsadm-1", documentSchema);
writeSchema("ipvsadm-event-1", eventSchema);
writeSchema("ipvsadm-connection-event-1", connectionEventSchema);
writeTables("docs/json.md", renderReference());
writeTables("docs/watch.md", renderEventReference());
writeTables("docs/connections.md", renderConnectionEventReference());

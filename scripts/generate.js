// Writes what derives from declarations: the JSON Schemas, the tables of reference pages, and the reference of doctor.
import { readFileSync, writeFileSync } from "node:fs";
import { checks } from "../dist/doctor/checks.js";
import { renderCheckReference } from "../dist/doctor/render/reference.js";
import { compactStyle } from "../dist/format/json/json-style.js";
import { referencePages } from "../dist/format/json/reference.js";
import { renderValue } from "../dist/format/json/render-json.js";
import { schemas } from "../dist/format/json/schema.js";

const place = (path) => new URL(`../${path}`, import.meta.url);

function writeSchema(name, schema) {
  writeFileSync(place(`schema/${name}.schema.json`), `${renderValue(schema, { ...compactStyle, indent: 2 })}\n`);
}

const mark = "<!-- Generated from here on: npm run generate -->\n";

function writeTables(path, lines) {
  const [head] = readFileSync(place(path), "utf8").split(mark);
  writeFileSync(place(path), `${head}${mark}\n${[...lines].join("\n")}`);
}

for (const [name, schema] of Object.entries(schemas)) writeSchema(name, schema);
for (const [path, render] of Object.entries(referencePages)) writeTables(path, render());
writeTables("docs/doctor.md", renderCheckReference(checks));

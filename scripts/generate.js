// Writes what derives from the declaration of the JSON document: its schema, and the tables of its reference page.
import { readFileSync, writeFileSync } from "node:fs";
import { renderReference } from "../dist/json/reference.js";
import { renderValue } from "../dist/json/render.js";
import { documentSchema } from "../dist/json/schema.js";
import { compactStyle } from "../dist/json/style.js";

const place = (path) => new URL(`../${path}`, import.meta.url);

writeFileSync(
  place("schema/ipvsadm-1.schema.json"),
  `${renderValue(documentSchema, { ...compactStyle, indent: 2 })}\n`,
);

const page = readFileSync(place("docs/json.md"), "utf8");
const mark = "<!-- Generated from here on: npm run generate -->\n";
const [head] = page.split(mark);
writeFileSync(place("docs/json.md"), `${head}${mark}\n${[...renderReference()].join("\n")}`);

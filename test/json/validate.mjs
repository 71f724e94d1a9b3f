// validate FILE...: says whether JSON documents are what the schema in the package says.
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";

const schema = new URL("../../schema/ipvsadm-1.schema.json", import.meta.url);
const validate = new Ajv2020({ strict: true }).compile(JSON.parse(readFileSync(schema, "utf8")));
for (const file of process.argv.slice(2)) {
  if (validate(JSON.parse(readFileSync(file, "utf8")))) continue;
  console.error(file, validate.errors);
  process.exitCode = 1;
}

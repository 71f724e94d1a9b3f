// validate [--events|--connection-events] FILE...: says whether JSON documents, or lines of events, are what the schema in the
// package says.
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";

const [first, ...rest] = process.argv.slice(2);
const kind = { "--events": "event-", "--connection-events": "connection-event-" }[first] ?? "";
const ofEvents = kind !== "";
const schema = new URL(`../../schema/ipvsadm-${kind}1.schema.json`, import.meta.url);
const validate = new Ajv2020({ strict: true }).compile(JSON.parse(readFileSync(schema, "utf8")));
for (const file of ofEvents ? rest : [first, ...rest]) {
  const text = readFileSync(file, "utf8");
  for (const value of ofEvents ? text.trimEnd().split("\n") : [text]) {
    if (validate(JSON.parse(value))) continue;
    console.error(file, value, validate.errors);
    process.exitCode = 1;
  }
}

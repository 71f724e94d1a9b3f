import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parseDocumentBytes } from "../../../../src/format/json/read-document.js";
import { referencePages } from "../../../../src/format/json/reference.js";
import { renderValue } from "../../../../src/format/json/render-json.js";
import { schemas } from "../../../../src/format/json/schema.js";
import { fromRoot } from "../../../support/paths.js";
import { Random } from "../../../support/random.js";
import { randomTable } from "../../../support/random-table.js";
import { connections, listText, saveText } from "../../../support/texts.js";

const read = (path: string) => readFileSync(fromRoot(path), "utf8");

const schema = JSON.parse(read("schema/ipvsadm-1.schema.json"));
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);

function assertValid(text: string): void {
  assert.ok(validate(JSON.parse(text)), `${JSON.stringify(validate.errors)}\n${text}`);
}

test("the schemas in the package are those of the declarations (npm run generate)", () => {
  for (const [name, declared] of Object.entries(schemas)) {
    assert.deepEqual(JSON.parse(read(`schema/${name}.schema.json`)), JSON.parse(renderValue(declared)), name);
  }
});

test("the tables of the reference pages are those of the declarations (npm run generate)", () => {
  for (const [path, render] of Object.entries(referencePages)) {
    assert.equal(read(path).split("npm run generate -->\n\n")[1], [...render()].join("\n"), path);
  }
});

test("the examples of the reference page validate and can be restored", () => {
  const examples = [...read("docs/json.md").matchAll(/```json\n(.*?)```/gs)].map(([, text = ""]) => text);
  assert.ok(examples.length > 0);
  for (const text of examples) {
    assertValid(text);
    assert.ok(parseDocumentBytes(Buffer.from(text)).services);
  }
});

test("every document that is printed validates", () => {
  for (let seed = 0; seed < 200; seed++) {
    const table = randomTable(new Random(seed));
    assertValid(listText(table));
    assertValid(saveText(table));
  }
  assertValid(listText({ connections: [connections] }));
  assertValid(listText({ timeouts: { tcp: 1, tcpFin: 2, udp: 3 } }));
  assertValid(listText({ daemons: [] }));
});

test("the schema refuses what is no document", () => {
  const service = { family: "inet", protocol: "tcp", address: "10.0.0.1", port: 80 };
  const wrong = [
    { services: [] },
    { ipvs: { schema: 2 }, services: [] },
    { ipvs: { schema: 1 }, services: [{ ...service, wieght: 1 }] },
    { ipvs: { schema: 1 }, services: [{ ...service, fwmark: 1 }] },
    { ipvs: { schema: 1 }, services: [{ ...service, port: 65536 }] },
  ];
  for (const document of wrong) assert.equal(validate(document), false, JSON.stringify(document));
});

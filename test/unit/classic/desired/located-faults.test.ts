import assert from "node:assert/strict";
import { test } from "node:test";
import { readDesired } from "../../../../src/classic/desired/read-desired.js";
import { DocumentError } from "../../../../src/format/json/document-error.js";
import { noNames } from "../../../support/fake-host.js";

const yaml = `ipvs: {schema: 1}
# the web
services:
  - family: inet
    protocol: tcp
    address: 192.0.2.10
    port: 80
    scheduler: rr
    destinations:
      - {family: inet, address: 10.0.0.1, port: 80}
      - family: inet
        address: 10.0.0.2
        port: 80
        weight: 3
`;

async function messageOf(text: string, name?: string): Promise<string> {
  async function* chunks() {
    yield new TextEncoder().encode(text);
  }
  const error = await readDesired(chunks(), { name, resolver: noNames }).catch((cause: unknown) => cause);
  assert.ok(error instanceof DocumentError, String(error));
  return error.message;
}

/** What is replaced, by what, and what the message says. */
const faults: readonly (readonly [before: string, after: string, message: string])[] = [
  [
    "weight: 3",
    "wieght: 3",
    "line 14: services[0].destinations[1].wieght: unknown field of a real server; did you mean weight?",
  ],
  [
    "        port: 80",
    '        port: "80"',
    'line 13: services[0].destinations[1].port: must be an integer from 0 to 65535, not the text "80"',
  ],
  ["    port: 80\n", "    port: 80000\n", "line 7: services[0].port: must be an integer from 0 to 65535, not 80000"],
  [
    "    port: 80\n",
    "    port: http\n",
    'line 7: services[0].port: must be an integer from 0 to 65535, not the text "http"',
  ],
  [
    "    destinations:",
    "    servers:",
    "line 9: services[0].servers: unknown field of a virtual service; did you mean destinations?",
  ],
  [
    "weight: 3",
    "forward: nat",
    'line 14: services[0].destinations[1].forward: must be one of "masq", "route", "tunnel", "local", not "nat"; did you mean masq?',
  ],
  [
    "    scheduler: rr",
    "    scheduler: rr\n    persistent: 300",
    "line 9: services[0].persistent: must be an object: persistence, such as {timeout: 300}",
  ],
  [
    "address: 192.0.2.10",
    "address: localhost",
    'line 6: services[0].address: must be an IP address, not the text "localhost"',
  ],
  ["    protocol: tcp\n", "", "line 4: services[0].protocol: is missing"],
  [
    "weight: 3",
    "weight: true",
    "line 14: services[0].destinations[1].weight: must be an integer from 0 to 2147483647, not true",
  ],
  ["weight: 3", '"a b": 3', 'line 14: services[0].destinations[1]["a b"]: unknown field of a real server'],
];

for (const [before, after, message] of faults) {
  test(`${after.trim() || `without ${before.trim()}`}: ${message}`, async () => {
    assert.ok(yaml.includes(before));
    const text = yaml.replace(before, after);
    assert.equal(await messageOf(text), message);
    assert.equal(await messageOf(text, "/etc/web.yaml"), `/etc/web.yaml: ${message}`);
  });
}

test("JSON has lines too", async () => {
  const text = '{\n\t"ipvs": {"schema": 1},\n\t"services": [\n\t\t{"family": "inet5"}\n\t]\n}\n';
  assert.match(
    await messageOf(text, "w\xc3\xa4b.json"),
    /^w\u00e4b\.json: line 4: services\[0\]\.family: must be one of/,
  );
});

test("faults that have lines already get the name of the file", async () => {
  assert.match(await messageOf("services: [\n", "/web.yaml"), /^\/web\.yaml: line \d+, column \d+: /);
  assert.match(await messageOf("-A -t 10.0.0.1\n", "/web.rules"), /^\/web\.rules: line 1: /);
  assert.match(await messageOf("-X\n-Y\n", "/web.rules"), /^\/web\.rules:\nline 1: .*\nline 2: /);
});

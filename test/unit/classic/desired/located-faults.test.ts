import assert from "node:assert/strict";
import { test } from "node:test";
import { inJsonFile } from "../../../../src/classic/desired/fault-place.js";
import { readDesired } from "../../../../src/classic/desired/read-desired.js";
import { DocumentError } from "../../../../src/format/json/document-error.js";
import { lineOfYamlPath } from "../../../../src/format/yaml/parse-yaml.js";
import { noNames } from "../../../support/fake-host.js";
import { Random } from "../../../support/random.js";

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

/** A value, and the paths that it has. */
function randomValue(random: Random, depth: number): { value: unknown; paths: string[] } {
  const kind = depth > 3 ? "scalar" : random.pick(["scalar", "list", "object"]);
  if (kind === "scalar")
    return { value: random.pick([1, -2.5, true, null, "", 'a "b\\', "}],{[:", "\u00e4"]), paths: [""] };
  const parts = Array.from({ length: random.below(5) }, () => randomValue(random, depth + 1));
  if (kind === "list") {
    const paths = parts.flatMap(({ paths }, index) => paths.map((path) => `[${index}]${path}`));
    return { value: parts.map(({ value }) => value), paths: [...paths, `[${parts.length}]`, ".x"] };
  }
  const names = ["a", "b_1", "c d", 'e"', "f]"].slice(0, parts.length);
  const steps = names.map((name) => (/^\w+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`));
  const paths = parts.flatMap(({ paths }, index) => paths.map((path) => `${steps[index]}${path}`));
  return {
    value: Object.fromEntries(parts.map(({ value }, index) => [names[index], value])),
    paths: [...paths, ".missing", "[0]"],
  };
}

test("the line of a path in JSON is the one that it has as YAML", () => {
  let tried = 0;
  for (let seed = 0; seed < 50; seed++) {
    const { value, paths } = randomValue(new Random(seed), 0);
    for (const indent of [undefined, 1, 4]) {
      const bytes = new TextEncoder().encode(`\n${JSON.stringify(value, undefined, indent)}\n`);
      for (const path of paths) {
        if (path === "") continue;
        const { message } = inJsonFile(new DocumentError("wrong", path), bytes);
        assert.equal(message, `line ${lineOfYamlPath(bytes, path)}: ${path}: wrong`, `seed ${seed}`);
        tried++;
      }
    }
  }
  assert.ok(tried > 500);
});

test("a large document in JSON has lines, too", async () => {
  const service = { family: "inet", protocol: "tcp", address: "192.0.2.10", port: 80, scheduler: "rr" };
  const services = Array.from({ length: 30_000 }, (_, index) => ({ ...service, port: index + 1, destinations: [] }));
  const text = JSON.stringify({ ipvs: { schema: 1 }, services }, undefined, 1).replace(/30000,/, "70000,");
  assert.ok(text.length > 4 * 1024 * 1024);
  const line = text.split("\n").findIndex((each) => each.includes("70000")) + 1;
  assert.ok((await messageOf(text)).startsWith(`line ${line}: services[29999].port: must be`));
});

test("faults that have lines already get the name of the file", async () => {
  assert.match(await messageOf("services: [\n", "/web.yaml"), /^\/web\.yaml: line \d+, column \d+: /);
  assert.match(await messageOf("-A -t 10.0.0.1\n", "/web.rules"), /^\/web\.rules: line 1: /);
  assert.match(await messageOf("-X\n-Y\n", "/web.rules"), /^\/web\.rules:\nline 1: .*\nline 2: /);
});

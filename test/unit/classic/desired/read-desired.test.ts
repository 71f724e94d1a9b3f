import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readDesired } from "../../../../src/classic/desired/read-desired.js";
import { DocumentError } from "../../../../src/format/json/document-error.js";
import { resolver } from "../../../support/fixtures.js";
import { fromRoot } from "../../../support/paths.js";

async function* inPieces(text: string): AsyncIterable<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += 7) yield bytes.subarray(start, start + 7);
}

const read = (text: string, name?: string) => readDesired(inPieces(text), { name, resolver });

/** One table in each form. */
const texts = {
  json: `{"ipvs":{"schema":1},"services":[{"family":"inet","protocol":"tcp","address":"192.0.2.10","port":80,"scheduler":"wrr",
    "persistent":{"timeout":300,"netmask":"255.255.255.0"},"destinations":[
      {"family":"inet","address":"10.0.0.2","port":8080,"forward":"masq","weight":3},
      {"family":"inet","address":"10.0.0.3","port":80}]},
    {"family":"inet6","fwmark":5,"scheduler":"mh","sched_flags":["mh-port"],"destinations":[
      {"family":"inet","address":"10.0.0.4","port":0,"forward":"tunnel","tunnel":{"type":"gue","port":6080,"flags":["csum"]}}]}],
    "timeouts":{"tcp":900,"tcp_fin":120,"udp":300}}`,
  yaml: `# The table.
ipvs: {schema: 1}
services:
- family: inet
  protocol: tcp
  address: 192.0.2.10
  port: 80
  scheduler: wrr
  persistent: {timeout: 300, netmask: 255.255.255.0}
  destinations:
  - {family: inet, address: 10.0.0.2, port: 8080, forward: masq, weight: 3}
  - {family: inet, address: 10.0.0.3, port: 80}
- family: inet6
  fwmark: 5
  scheduler: mh
  sched_flags: [mh-port]
  destinations:
  - {family: inet, address: 10.0.0.4, port: 0, forward: tunnel, tunnel: {type: gue, port: 6080, flags: [csum]}}
timeouts: {tcp: 900, tcp_fin: 120, udp: 300}
`,
  rules: `# The table.
ipvsadm -A -t 192.0.2.10:http -s wrr -p 300 -M 255.255.255.0
-a -t 192.0.2.10:80 -r 10.0.0.2:8080 -m -w 3
-a -t 192.0.2.10:80 -r 10.0.0.3

-A -f 5 -6 -s mh -b mh-port
-a -f 5 -6 -r 10.0.0.4 -i --tun-type gue --tun-port 6080 --tun-csum
--set 900 120 300
`,
};

test("JSON, YAML and rules of one table are the same state", async () => {
  const json = await read(texts.json);
  assert.equal(json.services?.length, 2);
  assert.deepEqual(await read(texts.yaml), json);
  assert.deepEqual(await read(texts.rules), json);
});

for (const text of ["", "\n \n", "# comment\n"]) {
  for (const name of [undefined, "table.json", "table.yaml"]) {
    test(`${JSON.stringify(text)} as ${name ?? "standard input"} is no empty table`, async () => {
      await assert.rejects(read(text, name), {
        name: "DocumentError",
        message: `${name === undefined ? "" : `${name}: `}the input is empty`,
      });
    });
  }
}

test("a fault of meaning has the same path in YAML and JSON", async () => {
  const message = /^line \d+: services\[0\]\.destinations\[0\]\.weight: must be an integer from 0 to 2147483647, not /;
  for (const [form, weight] of [
    ["json", ['"weight":3', '"weight":-3']],
    ["yaml", ["weight: 3", "weight: no"]],
  ] as const) {
    await assert.rejects(read(texts[form].replace(weight[0], weight[1])), { name: "DocumentError", message });
  }
});

test("the YAML of the documentation is taken", async () => {
  const examples = [...readFileSync(fromRoot("docs/json.md"), "utf8").matchAll(/```yaml\n(.*?)```/gs)];
  assert.equal(examples.length, 1);
  for (const [, text = ""] of examples) {
    const { services = [] } = await read(text);
    assert.deepEqual(services[1]?.destinations, services[0]?.destinations.slice(0, 1));
  }
});

test("the ending of the name decides", async () => {
  await assert.rejects(read(texts.rules, "t.json"), {
    message: 't.json: line 1, column 1: "#" where a value should be',
  });
  assert.deepEqual(await read(texts.json, "t.yaml"), await read(texts.json));
});

test("a fault of reading is no fault of the document", async () => {
  async function* broken(): AsyncIterable<Uint8Array> {
    yield Buffer.from("-A -f 1\n");
    throw new Error("no more");
  }
  await assert.rejects(readDesired(broken(), { resolver }), (error) => !(error instanceof DocumentError));
});

test("no variable of the environment has YAML printed", async (context) => {
  const printed = (["log", "dir"] as const).map((method) => context.mock.method(console, method, () => {}));
  Object.assign(process.env, { LOG_STREAM: "1", LOG_TOKENS: "1" });
  await read(texts.yaml);
  Object.assign(process.env, { LOG_STREAM: "1", LOG_TOKENS: "1" });
  await assert.rejects(read(texts.yaml.replace("port: 80", "port: x"), "/w.yaml"), DocumentError);
  assert.deepEqual(
    printed.map(({ mock }) => mock.callCount()),
    [0, 0],
  );
});

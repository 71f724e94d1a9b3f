import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeByteString, encodeByteString } from "../../../../src/format/json/byte-text.js";
import { compactStyle, terminalStyle } from "../../../../src/format/json/json-style.js";
import { renderValue } from "../../../../src/format/json/render-json.js";
import { sortTable } from "../../../../src/model/order.js";
import { Random } from "../../../support/random.js";
import { randomTable } from "../../../support/random-table.js";
import { connections, listText } from "../../../support/texts.js";

test("numbers have all their digits, text is ASCII", () => {
  assert.equal(renderValue([18446744073709551615n, 0, 4294967295]), "[18446744073709551615,0,4294967295]");
  assert.equal(
    renderValue({ "\u00e9": 'a"\u007f\ud83d\ude00\udcff\n' }),
    '{"\\u00e9":"a\\"\\u007f\\ud83d\\ude00\\udcff\\n"}',
  );
});

test("byte strings come back from Unicode, whatever their bytes", () => {
  assert.equal(decodeByteString("\xc3\xa90"), "\u00e90");
  assert.equal(decodeByteString("\xc3\xa9\xff"), "\udcc3\udca9\udcff");
  const random = new Random(1);
  for (let count = 0; count < 2000; count++) {
    const bytes = random
      .list(6, () => String.fromCharCode(random.pick([0x41, 0x80, 0xa9, 0xc3, 0xed, 0xf0, 0xff])))
      .join("");
    assert.equal(encodeByteString(decodeByteString(bytes)), bytes);
  }
  assert.equal(encodeByteString("\ud800"), undefined);
  assert.equal(encodeByteString("\udc41"), undefined);
});

test("an indented document is the same document, as JSON.stringify indents", () => {
  const table = randomTable(new Random(7));
  const indented = listText(table, { ...compactStyle, indent: 2 });
  const rounded: unknown = JSON.parse(indented);
  assert.deepEqual(rounded, JSON.parse(listText(table)));
  assert.equal(indented.replace(/\d{16,}/g, "0"), `${JSON.stringify(rounded, null, 2).replace(/\d{16,}/g, "0")}\n`);
});

test("a document is one line for its header and one for each service or connection", () => {
  const [first, ...lines] = listText({ connections: [[...connections.slice(0, 1)], [], connections.slice(1)] }).split(
    "\n",
  );
  assert.match(first ?? "", /^\{"ipvs":\{.*"source":"proc".*\},"connections":\[$/);
  assert.deepEqual(lines, [
    '{"family":"inet","protocol":"tcp","state":"established","expires":899,"client":{"address":"10.0.0.9","port":40000},' +
      '"virtual":{"address":"10.0.0.1","port":80},"destination":{"address":"10.0.0.2","port":8080}},',
    '{"family":"inet6","protocol":"udp","state":"udp","expires":0,"client":{"address":"2001:db8::9","port":0},' +
      '"virtual":{"address":"2001:db8::1","port":5060},"destination":{"address":"2001:db8::2","port":5060},' +
      '"pe":"sip","pe_data":"call\\"\\udcff\\u0001"}',
    "]}",
    "",
  ]);
});

test("connections are rendered while they are read", () => {
  let read = 0;
  const batches = function* () {
    for (; read < 1000; read++) yield connections;
  };
  const style = compactStyle;
  const document = { info: { version: "1.2.1", connectionTableSize: 1 }, takenAt: new Date(0), connections: batches() };
  return import("../../../../src/format/json/render-document.js").then(({ renderDocumentParts }) => {
    const text = renderDocumentParts(document, true, style);
    for (let pieces = 0; pieces < 10; pieces++) text.next();
    assert.ok(read < 10);
  });
});

test("colors are asked for, and change nothing but color", async () => {
  const table = randomTable(new Random(3));
  assert.equal(listText(table, await terminalStyle(false)), listText(table, { ...compactStyle, indent: 2 }));
  const style = { ...compactStyle, key: (text: string) => `<${text}>` };
  assert.equal(renderValue({ a: 1 }, style), '{<"a">:1}');
});

test("sorting is true for distant numbers", () => {
  const entries = ["192.168.0.1", "10.0.0.1", "9.0.0.1"].map((address) => {
    const [entry] = randomTable(new Random(5)).services;
    assert.ok(entry);
    const { family, ...rest } = entry.service;
    const { fwmark, ...settings } = { fwmark: 0, ...rest };
    return { ...entry, service: { ...settings, family: "inet", protocol: "tcp", address, port: 80 } as const };
  });
  const sorted = sortTable(entries).map(({ service }) => "address" in service && service.address);
  assert.deepEqual(sorted, ["9.0.0.1", "10.0.0.1", "192.168.0.1"]);
});

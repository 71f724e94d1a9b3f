import assert from "node:assert/strict";
import { test } from "node:test";
import type { ListFormat } from "../../../../src/format/text/list-format.js";
import { renderPlainEntries } from "../../../../src/format/text/listing.js";
import { renderRules } from "../../../../src/format/text/rule-lines.js";
import { numericNames } from "../../../../src/format/text/shown-names.js";
import type { DestinationSummary } from "../../../../src/model/table.js";
import { findServerRows } from "../../../../src/proc/proc-table.js";
import { service } from "../../../support/entries.js";
import { Random } from "../../../support/random.js";

const TITLES = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
`;

/** The rows as findServerRows hands them out. */
function rowsOf(lines: readonly string[]) {
  const text = `${TITLES}TCP  0A000001:0050 wlc  \n${lines.map((line) => `${line}\n`).join("")}`;
  const [found] = findServerRows(text, [service()]) ?? [];
  assert.ok(found);
  return found[1];
}

const plain: ListFormat = { view: "plain", exact: false, numeric: true, sorted: true, persistentConnections: false };

/** What becomes of rows by the way for rows, and by the way for all servers; and whether the servers were asked for. */
function render(lines: readonly string[], format: ListFormat = plain) {
  const rows = rowsOf(lines);
  let objects = false;
  const entry = {
    service: service(),
    rows,
    get destinations(): DestinationSummary[] {
      objects = true;
      return rows.toServers();
    },
  };
  const text = (rendered: Iterable<string>) => [...rendered].map((line) => `${line}\n`).join("");
  const fast = text(renderPlainEntries([entry], format, numericNames)) + text(renderRules([entry], numericNames));
  const usedObjects = objects;
  const general = { service: service(), destinations: rows.toServers() };
  const slow = text(renderPlainEntries([general], format, numericNames)) + text(renderRules([general], numericNames));
  return { fast, slow, usedObjects };
}

const row = (address: number, port = 80, columns = "Masq    1      0          0         ") =>
  `  -> ${hex(address, 8)}:${hex(port, 4)}      ${columns}`;
const hex = (number: number, width: number) => number.toString(16).toUpperCase().padStart(width, "0");

const ordinary = [
  row(0xac100001),
  row(0xbfffffff, 65535, "Tunnel  -2147483648 4294967295 4294967295"),
  row(0x40000000, 0, "Local   0      1          22        "),
  row(0x7f000001, 9, "Route   100000 99999      10000     "),
];

test("ordinary rows become the lines of the general way, without objects", () => {
  const { fast, slow, usedObjects } = render(ordinary);
  assert.equal(fast, slow);
  assert.ok(!usedObjects);
  assert.ok(slow.includes("  -> 172.16.0.1:80                Masq    1      0          0         \n"));
  assert.ok(slow.includes("-a -t 10.0.0.1:80 -r 172.16.0.1:80 -m -w 1\n"));
});

const unlikeMost = {
  "an IPv6 address": "  -> [0000:0000:0000:0000:0000:0000:0000:0001]:1F90      Local   1      0          0         ",
  "an address far from the others": row(0xc0000000),
  "words in other columns": row(0xac100002, 80, "Masq  1  0  0"),
  "the server of another row": row(0xac100001, 80, "Masq    9      0          0         "),
};

for (const [what, other] of Object.entries(unlikeMost)) {
  test(`a service with ${what} goes the general way`, () => {
    const { fast, slow, usedObjects } = render([...ordinary, other]);
    assert.equal(fast, slow);
    assert.ok(usedObjects);
  });
}

test("without sorting, rows stay in their order", () => {
  const { fast, slow } = render(ordinary, { ...plain, sorted: false });
  assert.equal(fast, slow);
});

test("more rows than are looked at at a time", () => {
  const many = Array.from({ length: 1000 }, (_, index) => row(0xac100000 + index));
  assert.ok(!render(many).usedObjects);
  assert.equal(render(many).fast, render(many).slow);
  many[700] = unlikeMost["words in other columns"];
  assert.ok(render(many).usedObjects);
  assert.equal(render(many).fast, render(many).slow);
});

test("no servers", () => assert.equal(render([]).fast, render([]).slow));

test("the order is the general way's: descending, ascending, equal, and far apart, where differences have no true sign", () => {
  const random = new Random(7);
  const near = (count: number) => Array.from({ length: count }, (_, index) => 0x0a000000 + index);
  const lists = [near(9), near(9).reverse(), [5, 5, 4], [0x80000001, 0x80000000, 1], [1, 0x90000001, 0x30000001]];
  for (let list = 0; list < 3000; list++) {
    const anchors = [0, 0x40000000, 0x7fffffff, 0x80000000, 0xc0000000, 0xffffffff];
    lists.push(Array.from({ length: 2 + random.below(6) }, () => random.pick(anchors)));
    lists.push(Array.from({ length: 2 + random.below(6) }, () => random.below(2 ** 32)).sort((a, b) => b - a));
  }
  for (const addresses of lists) {
    const { fast, slow } = render(addresses.map((address, index) => row(address, index % 3)));
    assert.equal(fast, slow, addresses.map((address) => hex(address, 8)).join(" "));
  }
});

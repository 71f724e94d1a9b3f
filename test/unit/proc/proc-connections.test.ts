import assert from "node:assert/strict";
import { test } from "node:test";
import { renderConnection, renderConnectionTitles } from "../../../src/format/text/connection-lines.js";
import { numericNames } from "../../../src/format/text/shown-names.js";
import { parseConnections } from "../../../src/proc/proc-connections.js";
import { ProcFormatError } from "../../../src/proc/proc-error.js";

// Expected lines are the original's, for the same rows.

const TITLE = "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n";
const bytes = (text: string) => Buffer.from(text, "latin1");
const parse = (text: string) => [...parseConnections([bytes(TITLE + text)])].flat();
const render = (text: string, withEngine = true) =>
  parse(text).map((connection) => renderConnection(connection, withEngine, numericNames));

const rows: readonly [string, string][] = [
  [
    "TCP C0A80101 8B2C 0A000001 0050 0A010001 0050 ESTABLISHED     899",
    "TCP 14:59  ESTABLISHED 192.168.1.1:35628  10.0.0.1:80        10.1.0.1:80",
  ],
  [
    "UDP C0A80101 0000 0A000001 13C4 0A010001 13C4 NONE            50 sip call-id@host",
    "UDP 00:50  NONE        192.168.1.1:0      10.0.0.1:5060      10.1.0.1:5060    sip                call-id@host",
  ],
  [
    "UDP C0A80101 0000 0A000001 13C4 0A010001 13C4 NONE            50 sip",
    "UDP 00:50  NONE        192.168.1.1:0      10.0.0.1:5060      10.1.0.1:5060",
  ],
  [
    "SCTP C0A80101 8B2C 0A000001 8E3C 0A010001 8E3C ESTABLISHED    6000",
    "SCTP 100:00 ESTABLISHED 192.168.1.1:35628  10.0.0.1:36412     10.1.0.1:36412",
  ],
  [
    "TCP 2001:0db8:0000:0000:0000:0000:0000:0001 8B2C 2001:0db8:1111:2222:3333:4444:5555:6666 0050 0A010001 0050 SYN_RECV          1",
    "TCP 00:01  SYN_RECV    [2001:db8::1]:35628 [2001:db8:1111:2222:3333:4444:5555:6666]:80 10.1.0.1:80",
  ],
  [
    "IP  C0A80101 0000 00000001 0000 0A010001 0000 NONE     73786976294838206",
    "IP  13171233:02 NONE        192.168.1.1:0      0.0.0.1:0          10.1.0.1:0",
  ],
  [
    "UDP C0A80101 0000 0A000001 13C4 0A010001 13C4 NONE            50 sip \xe9\x80\x1b[0m rest",
    "UDP 00:50  NONE        192.168.1.1:0      10.0.0.1:5060      10.1.0.1:5060    sip                \xe9\x80\x1b[0m",
  ],
];

test("rows", () => {
  for (const [row, line] of rows) assert.deepEqual(render(`${row}\n`), [line]);
});

test("without engines their data is not shown", () => {
  assert.deepEqual(render(`${rows[1]?.[0]}\n`, false), [
    "UDP 00:50  NONE        192.168.1.1:0      10.0.0.1:5060      10.1.0.1:5060",
  ]);
});

test("titles", () => {
  const [first, second] = renderConnectionTitles(false);
  assert.equal(first, "IPVS connection entries");
  assert.equal(second, "pro expire state       source             virtual            destination");
  assert.equal(renderConnectionTitles(true)[1], `${second}        pe name          pe_data`);
});

test("chunks may end anywhere", () => {
  const all = bytes(TITLE + rows.map(([row]) => `${row}\n`).join(""));
  const whole = [...parseConnections([all])].flat();
  assert.equal(whole.length, rows.length);
  for (const size of [1, 7, 80, 100]) {
    const chunks = Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
      all.subarray(index * size, (index + 1) * size),
    );
    assert.deepEqual([...parseConnections(chunks)].flat(), whole, `${size} bytes`);
  }
  assert.deepEqual([...parseConnections([all.subarray(0, -1)])].flat(), whole, "no last line end");
});

test("no row is skipped: an unknown one is an error with its line", () => {
  for (const row of [
    "",
    "hello world",
    "TCP C0A8010 8B2C 0A000001 0050 0A010001 0050 NONE 1",
    "TCP C0A80101 8B2C 0A000001 0050 0A010001 0050 NONE",
    "TCP C0A80101 8B2C 0A000001 0050 0A010001 0050 NONE -1",
  ]) {
    assert.throws(() => parse(`${rows[0]?.[0]}\n${row}\n`), { name: "ProcFormatError", line: row });
  }
});

test("an empty file is an error, and a title alone is not", () => {
  assert.throws(() => [...parseConnections([])], new ProcFormatError("ip_vs_conn"));
  assert.equal(new ProcFormatError("ip_vs_conn").message, "unexpected input from /proc/net/ip_vs_conn");
  assert.deepEqual(parse(""), []);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { renderConnection } from "../../../../src/format/text/connection-lines.js";
import { NumericConnections } from "../../../../src/format/text/fast/numeric-connections.js";
import { numericNames } from "../../../../src/format/text/shown-names.js";
import { parseConnection } from "../../../../src/proc/proc-connections.js";

const general = (row: string) => renderConnection(parseConnection(row), false, numericNames);

/** What the fast way makes of rows, and how many of them it left to the general way. */
function render(...rows: readonly string[]) {
  let left = 0;
  const bytes = new NumericConnections().render(
    Buffer.from(rows.map((row) => `${row}\n`).join(""), "latin1"),
    (row) => {
      left++;
      return general(row);
    },
  );
  return { text: Buffer.from(bytes).toString("latin1"), left };
}

const ordinary = [
  "TCP 0A000001 0050 0A000002 1F90 FFFFFFFF FFFF ESTABLISHED     900",
  "UDP 01020304 0000 00000000 0001 0A000002 0009 UDP               0",
  "IP  C0A80001 270F 7F000001 2710 0A000002 0063 NONE             59",
  "TCP 0A000001 0050 0A000002 1F90 0A000002 0064 SYN_RECV       3599",
  "TCP 0A000001 0050 0A000002 1F90 0A000002 03E7 ERR!        3932159",
];

const special = [
  "TCP 0A000001 0050 0A000002 1F90 0A000002 03E7 ERR!        3932160",
  "TCP 0A000001 0050 0A000002 1F90 0A000002 03E7 ERR!        9999999",
  "TCP 0A000001 0050 0A000002 1F90 FFFFFFFF FFFF ESTABLISHED     900 sip  callid@10",
  "TCP 2001:0db8:0000:0000:0000:0000:0000:0001 0050 0000:0000:0000:0000:0000:0000:0000:0001 0050 0000:0000:0000:0000:0000:0000:0000:0002 0050 ESTABLISHED     900",
  "TCP 0A000001 0050 0A000002 1F90 FFFFFFFF FFFF ESTABLISHED 4294967",
  "SCTP 0A000001 0050 0A000002 1F90 FFFFFFFF FFFF ESTABLISHED     900",
  "TCP 0A000001 0050 0A000002 1F90 FFFFFFFF FFFF ESTABLISHED 18446744073709551",
  "TCP 0a000001 0050 0A000002 1F90 FFFFFFFF FFFF ESTABLISHED     900",
  "TC  0A000001 0050 0A000002 1F90 FFFFFFFF FFFF TIME_WAIT       900",
];

test("ordinary rows become the lines of the general way, without it", () => {
  assert.deepEqual(render(...ordinary), { text: ordinary.map((row) => `${general(row)}\n`).join(""), left: 0 });
});

test("other rows are left to the general way, between ordinary ones", () => {
  const rows = special.flatMap((row, index) => [row, ordinary[index % ordinary.length] ?? row]);
  const { text, left } = render(...rows);
  assert.equal(text, rows.map((row) => `${general(row)}\n`).join(""));
  assert.ok(left >= 5);
});

test("a damaged row is not taken for an ordinary one", () => {
  const row = ordinary[0] ?? "";
  for (let index = 0; index < row.length; index++) {
    const damaged = `${row.slice(0, index)}*${row.slice(index + 1)}`;
    let expected: string | undefined;
    try {
      expected = `${general(damaged)}\n`;
    } catch {}
    if (expected === undefined) assert.throws(() => render(damaged), `column ${index}`);
    else assert.equal(render(damaged).text, expected, `column ${index}`);
  }
});
